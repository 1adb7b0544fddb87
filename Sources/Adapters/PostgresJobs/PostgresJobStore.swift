public import JobLifecycle
public import PostgresAccess
public import ReportModel
public import ReportPorts

/// A job store over the table `job_request` of a deployment, for any number of workers on any number of machines. Every
/// method is one transaction by the server's clock. What is cut off by a lost connection is done again once the database
/// answers, and never twice: a transaction whose COMMIT went unanswered is looked for first.
public final class PostgresJobStore: JobStore, JobNotifying {
    /// How the store finds out what time it is.
    public enum Clock: Sendable {
        /// The server's, so that all machines agree.
        case server
        /// Any other, for tests.
        case given(@Sendable () -> Timestamp)
    }

    let pool: PostgresPool
    /// For those who ask how things are: they must not wait behind work that waits for the database.
    let probes: PostgresPool
    let sql: JobSQL
    let rules: JobRules
    let clock: Clock
    let notices: JobNoticeBoard
    private let hasTrigger: Bool
    private let keys: KeyKeeping?
    private let pollSeconds: Double
    private let jitter: @Sendable () -> Double
    private let rowsSetAside: RowsSetAside

    /// Connects and checks the tables. `pollSeconds` is the safety net of notices; `log` is told of rows that cannot be worked
    /// on. Throws `unavailable` if the database does not answer or needs `exhaust migrate`, `newerVersion`, and `dataDamaged`
    /// if `job_request` lacks a column.
    public static func open(
        _ options: PostgresOptions, tables: JobTables, rules: JobRules = .init(), pollSeconds: Double = 2,
        clock: Clock = .server, log: (any EventLog)? = nil,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) async throws -> PostgresJobStore {
        let pool = try await PostgresPool(name: "PostgreSQL", options: options)
        do {
            let (shape, hasTrigger) = try await pool.run { connection in
                try tables.schemaOfRuns.requireLatest(connection)
                let trigger = JobExtra.all(tables).first { $0.name.hasPrefix("trigger") }
                let hasTrigger = try trigger.map { try connection.query($0.check).count > 0 } ?? false
                return (try RequestShape(connection, tables), hasTrigger)
            }
            let probes = try await PostgresPool(name: "PostgreSQL probes", options: Self.probing(options))
            return PostgresJobStore(
                pool, probes, JobSQL(tables, shape), rules, clock, hasTrigger, pollSeconds, nil, jitter,
                RowsSetAside(log: log))
        } catch {
            await pool.close()
            throw error
        }
    }

    /// One connection that gives up soon.
    private static func probing(_ options: PostgresOptions) -> PostgresOptions {
        var probing = options
        probing.connections = 1
        probing.connectSeconds = min(2, options.connectSeconds)
        probing.statementSeconds = min(4, options.statementSeconds)
        probing.retrySeconds = 0
        return probing
    }

    private init(
        _ pool: PostgresPool, _ probes: PostgresPool, _ sql: JobSQL, _ rules: JobRules, _ clock: Clock,
        _ hasTrigger: Bool, _ pollSeconds: Double, _ keys: KeyKeeping?, _ jitter: @escaping @Sendable () -> Double,
        _ rowsSetAside: RowsSetAside
    ) {
        self.pool = pool
        self.probes = probes
        self.sql = sql
        self.rules = rules
        self.clock = clock
        self.hasTrigger = hasTrigger
        self.keys = keys
        self.jitter = jitter
        self.rowsSetAside = rowsSetAside
        self.pollSeconds = pollSeconds
        notices = JobNoticeBoard(channel: sql.tables.channel, options: pool.options, pollSeconds: pollSeconds)
    }

    /// The same store, which does so with keys that other programs filed when it leases their requests.
    public func keeping(_ keys: KeyKeeping) -> PostgresJobStore {
        PostgresJobStore(pool, probes, sql, rules, clock, hasTrigger, pollSeconds, keys, jitter, rowsSetAside)
    }

    /// Ends the notices, waits for what is under way and closes the connections. Calls after it throw `unavailable`.
    public func close() async {
        notices.stop()
        await probes.close()
        await pool.close()
    }

    /// As `JobStore.submit`. Throws `invalidInput` if a text is longer than its column.
    public func submit(_ submission: Submission) async throws -> SubmissionAnswer {
        try await write(makesWork: true) { try $0.submit(submission) }
    }

    /// As `JobStore.cancel`.
    public func cancel(_ key: RequestKey) async throws -> StoredRequest {
        let stored = try await write { Self.stored(try $0.handle(.cancelWished, key)) }
        notices.announce(.change)
        return stored
    }

    /// As `JobStore.lease`. A request whose row or run cannot be read or stored is failed or left alone, and the log is told.
    public func lease(_ ask: LeaseAsk) async throws -> LeasedRequest? {
        try await writePassingOver(looksAhead: ask.reports) { [keys] in try $0.lease(ask, keys: keys) }
    }

    /// As `JobStore.update`.
    public func update(_ lease: LeaseToken, _ change: RunChange) async throws {
        try await write { try $0.update(lease, change) }
    }

    /// As `JobStore.finish`.
    public func finish(_ lease: LeaseToken, _ outcome: RunOutcome) async throws -> StoredRequest {
        let isGivenBack = if case .givenBack = outcome { true } else { false }
        let stored = try await writePassingOver(makesWork: isGivenBack) { [jitter] in
            Self.stored(try $0.finish(lease, outcome, jitter: jitter()))
        }
        notices.announce(.change)
        return stored
    }

    /// As `JobStore.adopt`.
    public func adopt(_ key: RequestKey) async throws -> StoredRequest {
        try await write(makesWork: true) { Self.stored(try $0.handle(.adopted, key)) }
    }

    /// As `JobStore.forgetFiles`.
    public func forgetFiles(_ key: RequestKey) async throws {
        try await write { _ = try $0.handle(.filesForgotten, key) }
    }

    /// How the connections stand.
    public var figures: PostgresPool.Figures { pool.figures }

    /// As `JobStore.now`.
    public func now() async throws -> Timestamp { try await pool.run { [clock] in try clock.now($0) } }

    /// As `JobNotifying.changes`.
    public func changes() -> AsyncStream<Void> { notices.stream(.change) }

    /// As `JobNotifying.work`.
    public func work() -> AsyncStream<Void> { notices.stream(.work) }

    static func stored(_ machine: RequestMachine) -> StoredRequest {
        StoredRequest(request: machine.request, run: machine.run)
    }

    /// As `write`, for what looks at rows that nobody asked for: those that cannot be read or written are set aside, and it is
    /// done again without them.
    private func writePassingOver<Result: Sendable>(
        looksAhead reports: Set<String>? = nil, makesWork: Bool = false,
        _ body: @escaping @Sendable (JobTransactions<PostgresJobTable>) throws -> Result
    ) async throws -> Result {
        var singly = false
        return try await rowsSetAside.passingOver(
            now: { try await now() }, fail: { fault in try await write { try $0.fail(fault) } },
            isOfRow: \.isFaultOfOneRow
        ) {
            while true {
                do {
                    return try await write(looksAhead: reports, makesWork: makesWork, singly: singly, body)
                } catch let error as ExhaustError where error.isFaultOfOneRow && !singly {
                    // Of all that was written together, some row could not be: which one is seen when they go one by one.
                    singly = true
                }
            }
        }
    }

    /// Does `body` in a transaction. `looksAhead` asks for everything that a lease for these reports needs in one round trip; `makesWork` tells
    /// workers, unless the trigger does.
    private func write<Result: Sendable>(
        looksAhead reports: Set<String>? = nil, makesWork: Bool = false, singly: Bool = false,
        _ body: @escaping @Sendable (JobTransactions<PostgresJobTable>) throws -> Result
    ) async throws -> Result {
        let attempt = WriteAttempt<Result>()
        return try await pool.run { [sql, rules, clock, hasTrigger, rowsSetAside] connection in
            if let result = try attempt.earlierResult(connection, sql) { return result }
            return try attempt.recording {
                try connection.transaction {
                    let now = try clock.now(connection)
                    let table = PostgresJobTable(connection, sql, writesSingly: singly)
                    if let reports {
                        try table.lookAhead(at: now, windowStart: rules.throttleWindowStart(at: now), reports: reports)
                    }
                    let result = try body(
                        JobTransactions(table: table, rules: rules, now: now, setAside: rowsSetAside.keys(at: now)))
                    attempt.note(result, table.lastSaved)
                    if makesWork, !hasTrigger, table.lastSaved != nil {
                        connection.later(
                            "SELECT pg_notify($1::text, $2::text)",
                            [.text(sql.tables.channel), .text(JobNotice.work.rawValue)])
                    }
                    return result
                }
            }
        }
    }
}

extension PostgresJobStore.Clock {
    func now(_ connection: PostgresConnection) throws -> Timestamp {
        switch self {
        case .server:
            Timestamp(milliseconds: try connection.query("SELECT \(JobSQL.clock)").integer(0, 0) ?? 0)
        case .given(let clock): clock()
        }
    }
}

// Only touched by the one thread of the pool that does the work.
/// A write that may be done several times, and must take place once.
private final class WriteAttempt<Result>: @unchecked Sendable {
    private var noted: (result: Result, saved: (request: JobRequest, run: JobRun?)?)?
    /// Whether the last attempt lost its connection during the COMMIT.
    private var isUnknown = false

    func note(_ result: Result, _ saved: (request: JobRequest, run: JobRun?)?) { noted = (result, saved) }

    func recording(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ExhaustError {
            guard var failure = error.postgresFailure else { throw error }
            isUnknown = failure.isCommitUnknown
            // Somebody else made the same row between our look and our write: to be looked at again.
            guard failure.sqlState == "23505" else { throw error }
            failure.sqlState = "40001"
            throw ExhaustError(error.code, error.message, remedy: error.remedy, mender: error.mender, cause: failure)
        }
    }

    /// What the attempt before answered, if it took place after all.
    func earlierResult(_ connection: PostgresConnection, _ sql: JobSQL) throws -> Result? {
        guard isUnknown, let noted else { return nil }
        guard let saved = noted.saved else { return noted.result }
        // Waits for the row if the server is still at it.
        let stored = try connection.transaction { try PostgresJobTable(connection, sql).load(saved.request.key) }
        isUnknown = false
        let tookPlace = stored.map { $0.run == saved.run && $0.request.status == saved.request.status } ?? false
        return tookPlace ? noted.result : nil
    }
}
