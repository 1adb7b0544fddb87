import Glibc
import JobLifecycle
import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

extension Trait where Self == ConditionTrait {
    static var needsPostgres: Self {
        .enabled(if: TestService.postgres.isToBeTested, "\(TestService.postgres.reason)")
    }
}

/// A job store in a schema of its own, with its clock in the test's hand.
final class PostgresScene: Sendable {
    let clock = ManualClock()
    let options: PostgresOptions
    let tables: JobTables
    let store: PostgresJobStore
    /// What the store logs.
    let log = MemoryLog()
    /// The hands of another program.
    let other: PostgresPool

    /// `prepare` is SQL in the fresh schema, before anything of ours is made; without it there are upstream's tables as we
    /// would make them.
    init(
        prepare: String = "", address: String? = nil, connections: Int = 2, realClock: Bool = false,
        pollSeconds: Double = 2, retrySeconds: Double = 10, rules: JobRules = .init()
    ) async throws {
        var options = PostgresOptions(connection: try address ?? TestService.postgres.address())
        options.connections = connections
        options.retrySeconds = retrySeconds
        self.options = options
        tables = try JobTables(
            schema: "t_\(getpid())_\(String(UInt32.random(in: 0 ... .max), radix: 36))", requestTable: "dev_job_request"
        )
        options.connections = 1
        other = try await PostgresPool(name: "test", options: options)
        let schema = tables.schema
        try await other.run { try $0.script("CREATE SCHEMA \(schema); SET search_path = \(schema); \(prepare)") }
        _ = try await JobMigration(options, tables: tables).run()
        store = try await Self.open(self.options, tables, realClock ? nil : clock, pollSeconds, log, rules)
    }

    /// Another store over the same tables, as another machine would open it.
    func openAgain(realClock: Bool = false) async throws -> PostgresJobStore {
        try await Self.open(options, tables, realClock ? nil : clock, 3_600, log)
    }

    private static func open(
        _ options: PostgresOptions, _ tables: JobTables, _ clock: ManualClock?, _ pollSeconds: Double,
        _ log: MemoryLog, _ rules: JobRules = .init()
    ) async throws -> PostgresJobStore {
        try await PostgresJobStore.open(
            options, tables: tables, rules: rules, pollSeconds: pollSeconds,
            clock: clock.map { clock in .given { clock.now() } } ?? .server, log: log, jitter: { 0.5 })
    }

    /// Lets another program at the tables.
    func sql(_ statement: String, _ values: [PostgresValue] = []) async throws {
        let schema = tables.schema
        try await other.run { connection in
            try connection.query("SET search_path = \(schema)")
            try connection.query(statement, values)
        }
    }

    /// A text that another program reads.
    func text(_ query: String) async throws -> String? {
        let schema = tables.schema
        return try await other.run { connection in
            try connection.query("SET search_path = \(schema)")
            return try connection.query(query).text(0, 0)
        }
    }

    /// Removes everything.
    func end() async throws {
        await store.close()
        try await sql("DROP SCHEMA \(tables.schema) CASCADE")
        await other.close()
    }

    var jobs: JobScene { jobs(store) }

    func jobs(_ store: PostgresJobStore) -> JobScene {
        JobScene(
            store: store, clock: clock, writeForeign: { try await self.writeForeign($0) },
            deleteForeign: { key in
                try await self.sql(
                    "DELETE FROM dev_job_request WHERE tag = $1::text AND request_id = $2::text",
                    [.text(key.tag), .text(key.requestID)])
            },
            damageRun: { key, isDamaged in
                try await self.sql(
                    "UPDATE dev_job_run SET publishing = $1::text WHERE tag = $2::text AND request_id = $3::text",
                    [.text(isDamaged ? "{" : "[]"), .text(key.tag), .text(key.requestID)])
            })
    }

    /// Writes a row as upstream's programs do, column by column.
    func writeForeign(_ row: JobRequest) async throws {
        let batches = row.processedBatches.isEmpty ? nil : ProcessedBatch.text(of: row.processedBatches)
        func time(_ time: Timestamp?) -> PostgresValue {
            PostgresValue(time.map { $0.iso8601.replacing("T", with: " ").replacing("Z", with: "") })
        }
        try await sql(
            "DELETE FROM dev_job_request WHERE tag = $1::text AND request_id = $2::text",
            [.text(row.tag), .text(row.requestID)])
        try await sql(
            """
            INSERT INTO dev_job_request (tag, request_id, job_id, status, request_data, requested_by, requested_channel,
                dt_job_submitted, download_urls, dt_file_created, dt_job_completed, execution_time, err_message,
                iteration, encryption_key, batch_number, processed_batches)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            [
                .text(row.tag), .text(row.requestID), .text(row.reportID), .text(row.status.rawValue),
                .text(row.requestData), .text(row.requestedBy), .text(row.requestedChannel), time(row.submittedAt),
                row.downloadPaths.isEmpty ? .null : .texts(row.downloadPaths), time(row.fileCreatedAt),
                time(row.completedAt), PostgresValue(row.executionMilliseconds), PostgresValue(row.errorMessage),
                .integer(Int64(row.iteration)), PostgresValue(row.encryptionKey),
                PostgresValue(row.batchNumber.map(Int64.init)), PostgresValue(batches),
            ])
    }
}
