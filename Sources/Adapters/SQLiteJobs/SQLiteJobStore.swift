import BlockingWork
import Glibc
public import JobLifecycle
public import ReportModel
public import ReportPorts
import SQLiteAccess

/// A job store in one SQLite file, for several processes at once. Every method is one transaction that is on the disk
/// when it returns; writes that arrive together share one (`GroupCommit`). Nothing blocks Swift's own threads.
public final class SQLiteJobStore: JobStore, JobNotifying {
    /// Named limits of the store.
    public struct Limits: Sendable, Hashable {
        /// Setting `jobs.busyMilliseconds`: how long another process's write is waited for before `unavailable`.
        public var busyMilliseconds: Int
        /// Writes that share one transaction, and so one wait for the disk.
        public var writesPerTransaction: Int
        /// Writes that may wait; one more is refused with `unavailable`.
        public var waitingWrites: Int

        /// Limits; 5 seconds, 64 and 4,096 writes.
        public init(busyMilliseconds: Int = 5_000, writesPerTransaction: Int = 64, waitingWrites: Int = 4_096) {
            self.busyMilliseconds = busyMilliseconds
            self.writesPerTransaction = writesPerTransaction
            self.waitingWrites = waitingWrites
        }
    }

    let readers: ConnectionQueue
    private let writers: ConnectionQueue
    let writing: GroupCommit
    private let notices: JobNotices
    let rules: JobRules
    private let rowsSetAside: RowsSetAside
    private let clock: @Sendable () -> Timestamp
    private let jitter: @Sendable () -> Double

    /// Opens the file at `path`, makes it if it is not there, and brings an older one to the latest schema.
    /// `log` is told of rows that cannot be worked on; `clock` and `jitter` (0 to 1, for the back-off of retries) are the system's unless a test gives others.
    /// Throws `newerVersion`, `dataDamaged`, `storageFailed` or `unavailable`, as `Schema` and `Database` say.
    public static func open(
        path: String, rules: JobRules = .init(), limits: Limits = .init(), log: (any EventLog)? = nil,
        clock: @escaping @Sendable () -> Timestamp = { SQLiteJobStore.systemTime() },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) async throws -> SQLiteJobStore {
        let options = DatabaseOptions(
            journal: .writeAhead, durability: .full, busyMilliseconds: limits.busyMilliseconds)
        let writers = try await ConnectionQueue.open(path: path, options: options) { try JobSchema.schema.migrate($0) }
        do {
            let readers = try await ConnectionQueue.open(path: path, options: options)
            return SQLiteJobStore(
                path, readers, writers, rules, limits, RowsSetAside(log: log), clock, jitter)
        } catch {
            await writers.close()
            throw error
        }
    }

    private init(
        _ path: String, _ readers: ConnectionQueue, _ writers: ConnectionQueue, _ rules: JobRules, _ limits: Limits,
        _ rowsSetAside: RowsSetAside, _ clock: @escaping @Sendable () -> Timestamp,
        _ jitter: @escaping @Sendable () -> Double
    ) {
        self.readers = readers
        self.writers = writers
        self.rules = rules
        self.rowsSetAside = rowsSetAside
        self.clock = clock
        self.jitter = jitter
        writing = GroupCommit(
            writers, name: "job store",
            limits: .init(writesPerTransaction: limits.writesPerTransaction, waiting: limits.waitingWrites))
        notices = JobNotices(logAt: path + "-wal")
    }

    /// Ends the notices, waits for what is under way and lets the file go. Calls after it throw `unavailable`.
    public func close() async {
        notices.stop()
        await writers.close()
        await readers.close()
    }

    /// The system's time of day, to the millisecond.
    public static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// As `JobStore.submit`.
    public func submit(_ submission: Submission) async throws -> SubmissionAnswer {
        try await write { try $0.submit(submission) }
    }

    /// As `JobStore.cancel`.
    public func cancel(_ key: RequestKey) async throws -> StoredRequest {
        try await write { Self.stored(try $0.handle(.cancelWished, key)) }
    }

    /// As `JobStore.lease`. A request whose row or run cannot be read or stored is failed or left alone, and the log is told.
    public func lease(_ ask: LeaseAsk) async throws -> LeasedRequest? {
        try await writePassingOver { try $0.lease(ask) }
    }

    /// As `JobStore.renew`.
    public func renew(_ renewals: [LeaseRenewal]) async throws -> [LeaseAnswer] {
        try await write { try $0.renew(renewals) }
    }

    /// As `JobStore.update`.
    public func update(_ lease: LeaseToken, _ change: RunChange) async throws {
        try await write { try $0.update(lease, change) }
    }

    /// As `JobStore.finish`.
    public func finish(_ lease: LeaseToken, _ outcome: RunOutcome) async throws -> StoredRequest {
        try await writePassingOver { [jitter] in Self.stored(try $0.finish(lease, outcome, jitter: jitter())) }
    }

    /// As `JobStore.adopt`.
    public func adopt(_ key: RequestKey) async throws -> StoredRequest {
        try await write { Self.stored(try $0.handle(.adopted, key)) }
    }

    /// As `JobStore.forgetFiles`.
    public func forgetFiles(_ key: RequestKey) async throws {
        try await write { _ = try $0.handle(.filesForgotten, key) }
    }

    /// As `JobStore.now`.
    public func now() async throws -> Timestamp { clock() }

    /// As `JobNotifying.changes`.
    public func changes() -> AsyncStream<Void> { notices.stream() }

    /// As `write`, for what looks at rows that nobody asked for: those that cannot be read or written are set aside, and it is
    /// done again without them.
    private func writePassingOver<Result: Sendable>(
        _ body: @escaping @Sendable (JobTransactions<SQLiteJobTable>) throws -> Result
    ) async throws -> Result {
        try await rowsSetAside.passingOver(
            now: { clock() }, fail: { fault in try await write { try $0.fail(fault) } }, isOfRow: \.isFaultOfOneRow
        ) {
            try await write(body)
        }
    }

    private func write<Result: Sendable>(
        _ body: @escaping @Sendable (JobTransactions<SQLiteJobTable>) throws -> Result
    ) async throws -> Result {
        try await writing.write { [self] in try body(transactions($0)) }
    }

    /// The store's methods over an open transaction, at the time that it is now.
    func transactions(_ database: Database) -> JobTransactions<SQLiteJobTable> {
        let now = clock()
        return JobTransactions(
            table: SQLiteJobTable(database: database), rules: rules, now: now, setAside: rowsSetAside.keys(at: now))
    }

    static func stored(_ machine: RequestMachine) -> StoredRequest {
        StoredRequest(request: machine.request, run: machine.run)
    }
}
