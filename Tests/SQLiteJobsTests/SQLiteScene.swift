import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import SQLiteJobs

/// A job store in a folder of its own, with its clock in the test's hand.
struct SQLiteScene {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let store: SQLiteJobStore
    var path: String { folder.file("jobs.db") }

    init() async throws {
        folder = try TemporaryFolder()
        store = try await Self.open(folder.file("jobs.db"), clock)
    }

    /// Another store over the same file, as another process would open it.
    func openAgain() async throws -> SQLiteJobStore { try await Self.open(path, clock) }

    private static func open(_ path: String, _ clock: ManualClock) async throws -> SQLiteJobStore {
        try await SQLiteJobStore.open(path: path, clock: { clock.now() }, jitter: { 0.5 })
    }

    /// Lets another program at the file.
    func sql(_ statements: String) throws { try Database(path: path).execute(statements) }

    /// A text that another program reads.
    func text(_ query: String) throws -> String? { try Database(path: path).text(query) }

    var jobs: JobScene { jobs(store) }

    func jobs(_ store: SQLiteJobStore) -> JobScene {
        let path = path
        return JobScene(
            store: store, clock: clock, writeForeign: { try writeForeign($0, path) },
            deleteForeign: { key in
                try Database(path: path).with("DELETE FROM job_request WHERE tag = ? AND request_id = ?") { statement in
                    try statement.bind(1, key.tag)
                    try statement.bind(2, key.requestID)
                    try statement.run()
                }
            },
            damageRun: { key, isDamaged in
                let update = "UPDATE job_run SET publishing = ? WHERE tag = ? AND request_id = ?"
                try Database(path: path).with(update) { statement in
                    try statement.bind(1, isDamaged ? "{" : "[]")
                    try statement.bind(2, key.tag)
                    try statement.bind(3, key.requestID)
                    try statement.run()
                }
            })
    }
}

/// Writes a row as upstream's programs do, column by column.
private func writeForeign(_ row: JobRequest, _ path: String) throws {
    func json(_ values: [JSONValue]) -> String { JSONValue.array(values).compactText }
    let batches = row.processedBatches.map { batch in
        JSONValue.members(
            ("channel", .string(batch.channel)), ("batchId", .string(batch.batchID)),
            ("filePath", .string(batch.filePath)), ("fileSize", .integer(batch.fileSize)))
    }
    func time(_ time: Timestamp?) -> String? {
        time.map { $0.iso8601.replacing("T", with: " ").replacing("Z", with: "") }
    }
    let texts: [String?] = [
        row.tag, row.requestID, row.reportID, row.status.rawValue, row.requestData, row.requestedBy,
        row.requestedChannel, time(row.submittedAt), json(row.downloadPaths.map { .string($0) }),
        time(row.fileCreatedAt), time(row.completedAt), row.executionMilliseconds.map { "\($0)" }, row.errorMessage,
        "\(row.iteration)", row.encryptionKey, row.batchNumber.map { "\($0)" }, json(batches),
    ]
    let sql = "REPLACE INTO job_request VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    try Database(path: path).with(sql) { statement in
        for (place, text) in texts.enumerated() { try statement.bind(place + 1, text) }
        try statement.run()
    }
}
