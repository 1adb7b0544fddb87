public import JobLifecycle
public import ReportModel
public import ReportPorts
import Synchronization

/// A job store in memory: a real one, that forgets all with the process.
public final class MemoryJobStore: JobStore, JobNotifying, JobTallying {
    private struct State {
        var tables = MemoryJobTable()
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextListener = 0
    }

    private let state = Mutex(State())
    private let clock: any ServiceClock
    private let rules: JobRules
    private let jitter: @Sendable () -> Double
    private let rowsSetAside = RowsSetAside(log: nil)

    /// An empty store that goes by `clock`; `jitter` gives numbers from 0 to 1 for the back-off of retries.
    public init(
        clock: any ServiceClock, rules: JobRules = .init(),
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.clock = clock
        self.rules = rules
        self.jitter = jitter
    }

    /// As `JobStore.submit`.
    public func submit(_ submission: Submission) async throws -> SubmissionAnswer {
        try transaction { try $0.submit(submission) }
    }

    /// As `JobStore.request`.
    public func request(_ requestID: String, tag: String?) async throws -> StoredRequest? {
        reading { tables in
            tables.rows.values
                .filter { $0.requestID == requestID && (tag == nil || $0.tag == tag) }
                .min { ($0.submittedAt, $0.tag) < ($1.submittedAt, $1.tag) }
                .map { StoredRequest(request: $0, run: tables.runs[$0.key]) }
        }
    }

    /// As `JobStore.requests`.
    public func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        reading { tables in
            tables.rows.values
                .filter { Self.isMeant($0, by: query) && query.after.map($0.stands(behind:)) ?? true }
                .sorted { ($1.submittedAt, $0.tag, $0.requestID) < ($0.submittedAt, $1.tag, $1.requestID) }
                .prefix(max(0, query.limit))
                .map { StoredRequest(request: $0, run: tables.runs[$0.key]) }
        }
    }

    /// As `JobStore.count`.
    public func count(_ query: RequestQuery) async throws -> Int {
        reading { tables in tables.rows.values.count { Self.isMeant($0, by: query) } }
    }

    private static func isMeant(_ row: JobRequest, by query: RequestQuery) -> Bool {
        (query.tag == nil || row.tag == query.tag)
            && (query.channel == nil || row.requestedChannel == query.channel)
            && (query.statuses.isEmpty || query.statuses.contains(row.status))
            && (query.report == nil || row.reportID == query.report)
            && query.submitted?.contains(row.submittedAt) ?? true
    }

    /// As `JobStore.waitingLine`.
    public func waitingLine() async throws -> WaitingLine {
        try transaction { try $0.waitingLine() }
    }

    /// As `JobStore.cancel`.
    public func cancel(_ key: RequestKey) async throws -> StoredRequest {
        try transaction { StoredRequest(try $0.handle(.cancelWished, key)) }
    }

    /// As `JobStore.lease`.
    public func lease(_ ask: LeaseAsk) async throws -> LeasedRequest? {
        try await passingOver { try transaction { try $0.lease(ask) } }
    }

    /// As `JobStore.renew`.
    public func renew(_ renewals: [LeaseRenewal]) async throws -> [LeaseAnswer] {
        try transaction { try $0.renew(renewals) }
    }

    /// As `JobStore.update`.
    public func update(_ lease: LeaseToken, _ change: RunChange) async throws {
        try transaction { try $0.update(lease, change) }
    }

    /// As `JobStore.finish`.
    public func finish(_ lease: LeaseToken, _ outcome: RunOutcome) async throws -> StoredRequest {
        try await passingOver { try transaction { StoredRequest(try $0.finish(lease, outcome, jitter: jitter())) } }
    }

    private func passingOver<Result: Sendable>(_ body: () throws -> Result) async throws -> Result {
        try await rowsSetAside.passingOver(
            now: { clock.now() }, fail: { fault in try transaction { try $0.fail(fault) } },
            isOfRow: { $0.code == .dataDamaged }, body)
    }

    /// As `JobStore.foreignRuns`.
    public func foreignRuns() async throws -> [JobRequest] {
        reading { tables in
            tables.rows.values.filter { RequestState(of: $0, run: tables.runs[$0.key]) == .foreign }
                .sorted { ($0.submittedAt, $0.tag, $0.requestID) < ($1.submittedAt, $1.tag, $1.requestID) }
        }
    }

    /// As `JobStore.adopt`.
    public func adopt(_ key: RequestKey) async throws -> StoredRequest {
        try transaction { StoredRequest(try $0.handle(.adopted, key)) }
    }

    /// As `JobStore.forgetFiles`.
    public func forgetFiles(_ key: RequestKey) async throws {
        try transaction { _ = try $0.handle(.filesForgotten, key) }
    }

    /// As `JobStore.now`.
    public func now() async throws -> Timestamp { clock.now() }

    /// As `JobStore.nextDue`.
    public func nextDue() async throws -> Timestamp? { reading { MemoryJobTransaction($0).nextDue() } }

    /// As `JobTallying.tally`.
    public func tally() async throws -> [JobTally] {
        reading { tables in
            var tallies: [JobTally] = []
            for row in tables.rows.values.sorted(by: { $0.reportID < $1.reportID }) {
                guard let place = tallies.firstIndex(where: { $0.report == row.reportID && $0.status == row.status })
                else {
                    tallies.append(
                        JobTally(report: row.reportID, status: row.status, count: 1, oldest: row.submittedAt))
                    continue
                }
                tallies[place].count += 1
                tallies[place].oldest = min(tallies[place].oldest ?? row.submittedAt, row.submittedAt)
            }
            return tallies
        }
    }

    /// As `JobNotifying.changes`.
    public func changes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let listener = state.withLock { state in
                state.nextListener += 1
                state.listeners[state.nextListener] = continuation
                return state.nextListener
            }
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.listeners.removeValue(forKey: listener) }
            }
        }
    }

    /// Does what another program would do to the table behind the store's back: write a row, without a run of ours.
    public func writeForeign(_ request: JobRequest) { change { $0.rows[request.key] = request } }

    /// Does what another program would do to the table behind the store's back: delete a row.
    public func deleteForeign(_ key: RequestKey) { change { $0.rows[key] = nil } }

    /// Does what damages a run where runs are text, or mends it.
    public func setDamaged(_ isDamaged: Bool, _ key: RequestKey) {
        change { tables in
            if isDamaged { tables.damaged.insert(key) } else { tables.damaged.remove(key) }
        }
    }

    private func reading<Result>(_ body: (MemoryJobTable) throws -> Result) rethrows -> Result {
        try body(state.withLock { $0.tables })
    }

    private func change(_ body: (inout MemoryJobTable) -> Void) {
        let listeners = state.withLock { state in
            body(&state.tables)
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    /// All of `body` or nothing.
    private func transaction<Result>(
        _ body: (JobTransactions<MemoryJobTransaction>) throws -> Result
    ) throws -> Result {
        let (result, listeners) = try state.withLock { state in
            let transaction = MemoryJobTransaction(state.tables)
            state.tables = MemoryJobTable()
            defer { state.tables = transaction.tables }
            let before = transaction.tables
            let now = clock.now()
            do {
                let result = try body(
                    JobTransactions(table: transaction, rules: rules, now: now, setAside: rowsSetAside.keys(at: now)))
                return (result, transaction.hasWritten ? Array(state.listeners.values) : [])
            } catch {
                transaction.tables = before
                throw error
            }
        }
        for listener in listeners { listener.yield() }
        return result
    }
}

extension StoredRequest {
    /// The row and run of a machine.
    init(_ machine: RequestMachine) { self.init(request: machine.request, run: machine.run) }
}

extension JobRequest {
    fileprivate func stands(behind place: RequestPlace) -> Bool {
        (place.submittedAt, tag, requestID) > (submittedAt, place.key.tag, place.key.requestID)
    }
}
