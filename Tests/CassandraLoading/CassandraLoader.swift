public import CassandraAccess
public import ReportModel

/// Fills a server with tables in import form (design.md 5), laid out as a deployment has them: for tests and benchmarks.
public struct CassandraLoader: Sendable {
    /// Rows that are sent at once.
    static let rowsAtOnce = 256
    /// Bytes that are sent at once, unless a row has more: a small server has to hold them all.
    static let bytesAtOnce = 16 << 20
    /// Rows that are read ahead.
    static let rowsAhead = 4_096
    /// Attempts at a row, each with a later time: a list that is written twice at one time is there twice.
    static let attempts = 8

    private let session: CassandraSession
    private let form: DeploymentForm

    /// Fills the tables of `form`. The session has to be one of `CassandraOptions.forLoading`.
    public init(_ session: CassandraSession, _ form: DeploymentForm) {
        self.session = session
        self.form = form
    }

    /// Makes keyspaces and tables, in place of those of the same name.
    public func create() async throws {
        try await drop()
        for statement in form.statements { try await run(statement) }
        try await waitForAgreement()
    }

    /// A node that has not heard of a table yet refuses its rows. Each question goes to the next node in turn.
    private func waitForAgreement() async throws {
        let questions = ["local", "peers"].map { "SELECT schema_version FROM system.\($0)" }
        for _ in 0..<2_000 {
            var versions: Set<[UInt8]> = []
            for question in Array(repeating: questions, count: Self.nodesAtMost).flatMap({ $0 }) {
                let query = try await session.prepare(question, "prepare")
                var pages = try session.pages(of: query, [], pageRows: 100, "read")
                while let page = try await pages.next() {
                    page.forEachRow { versions.insert($0.bytes(0).map { Array($0) } ?? []) }
                }
            }
            if versions.count == 1 { return }
        }
        throw ExhaustError(.unavailable, "the nodes do not agree on the tables")
    }

    /// Nodes of a test's cluster.
    private static let nodesAtMost = 6

    /// Removes the keyspaces.
    public func drop() async throws {
        for keyspace in form.keyspaces { try await run("DROP KEYSPACE IF EXISTS \(keyspace)") }
    }

    /// Runs a statement without values.
    public func run(_ statement: String) async throws {
        var pages = try session.pages(
            of: try await session.prepare(statement, "prepare"), [], pageRows: 1, "run a statement")
        while try await pages.next() != nil {}
    }

    /// Loads rows by table; of rows with the same key the last counts. Answers how many were written, by table.
    @discardableResult
    public func load(_ rows: [String: [JSONValue]]) async throws -> [String: Int] {
        try await load { table in
            var rest = (rows[table] ?? [])[...]
            return {
                defer { rest = rest.dropFirst(Self.rowsAhead) }
                return rest.prefix(Self.rowsAhead).map { Array($0.compactText.utf8) }
            }
        }
    }

    /// Loads a folder of `<table>.jsonl` or `<table>.jsonl.gz` files; a table without a file stays empty.
    @discardableResult
    public func load(folder: String) async throws -> [String: Int] {
        try await load { table in
            let file = try LineFile(folder: folder, table: table)
            return { try await file?.next(Self.rowsAhead) ?? [] }
        }
    }

    /// Loads what `make` hands out, by table and in portions, until there is nothing more. Rows of one key should be rare.
    @discardableResult
    public func load(
        _ make: (_ table: String) throws -> () async throws -> [[UInt8]]
    ) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        var time: Int64 = 1_600_000_000_000_000
        for table in form.tables {
            let shape = try await RowShape(form, table, session)
            let insert = try await session.prepare(
                "INSERT INTO \(table.keyspace).\(table.name) JSON ? DEFAULT UNSET USING TIMESTAMP ?", "prepare")
            let next = try make(table.source)
            while case let rows = try await next(), !rows.isEmpty {
                try await write(rows, insert, shape, from: time)
                time += Int64(rows.count * Self.attempts)
                counts[table.name, default: 0] += rows.count
            }
        }
        return counts
    }

    private func write(_ rows: [[UInt8]], _ insert: PreparedQuery, _ shape: RowShape, from time: Int64) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var (sent, bytes) = (0, 0)
            for (place, row) in rows.enumerated() {
                while sent > 0, sent >= Self.rowsAtOnce || bytes + row.count > Self.bytesAtOnce {
                    bytes -= try await group.next() ?? 0
                    sent -= 1
                }
                group.addTask {
                    try await write(row, insert, shape, at: time + Int64(place * Self.attempts))
                    return row.count
                }
                (sent, bytes) = (sent + 1, bytes + row.count)
            }
            try await group.waitForAll()
        }
    }

    private func write(_ row: [UInt8], _ insert: PreparedQuery, _ shape: RowShape, at time: Int64) async throws {
        do {
            try await send(row, insert, at: time)
        } catch let error as ExhaustError where error.code == .invalidInput {
            // Most rows are as the server takes them; the others are brought into its form.
            try await send(try shape.row(row), insert, at: time)
        }
    }

    private func send(_ row: [UInt8], _ insert: PreparedQuery, at time: Int64) async throws {
        var attempt: Int64 = 0
        while true {
            do {
                var pages = try session.pages(
                    of: insert, [.text(row), .number(time + attempt)], pageRows: 1, "write a row")
                while try await pages.next() != nil {}
                return
            } catch let error as ExhaustError where error.canPass && attempt + 1 < Self.attempts {
                attempt += 1
            }
        }
    }
}

extension CassandraOptions {
    /// The same for writing: nothing is repeated, since writing a list is no repeatable thing, and tables take their time.
    public var forLoading: CassandraOptions {
        var options = self
        options.retry.attempts = 1
        options.requestSeconds = 60
        return options
    }
}
