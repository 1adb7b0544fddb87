public import JobLifecycle
public import ReportModel
import Synchronization

/// Requests that this process passes over for a while, since their rows or runs cannot be read or written. Every job store
/// looks for work through one.
public final class RowsSetAside: Sendable {
    /// How long a row is passed over, in seconds; whatever is wrong with it may have been mended by then.
    public static let seconds = 600.0
    /// Rows that are remembered; the others are met again.
    static let limit = 1_000
    /// Rows that one look for work sets aside; with more, the fault is rather the store's.
    static let limitAtOnce = 32

    /// What became of a row.
    private enum Outcome: String {
        /// It is FAILED.
        case failed
        /// It is as it was.
        case left
    }

    private let until = Mutex<[RequestKey: Timestamp]>([:])
    private let log: (any EventLog)?

    /// None yet; `log` is told of each.
    public init(log: (any EventLog)?) { self.log = log }

    /// The requests that are passed over now.
    public func keys(at now: Timestamp) -> Set<RequestKey> {
        until.withLock { until in
            if !until.isEmpty { until = until.filter { now < $0.value } }
            return Set(until.keys)
        }
    }

    /// Does `body`, a transaction that leaves `keys` alone and may throw `RowFault`; then again without that row, which `fail`
    /// fails if that can be written: `JobTransactions.fail`. `isOfRow` says of an error whether what stands in the row is to
    /// blame, and `now` is the store's clock.
    public func passingOver<Result: Sendable>(
        now: () async throws -> Timestamp, fail: (RowFault) async throws -> Bool, isOfRow: (ExhaustError) -> Bool,
        _ body: () async throws -> Result
    ) async throws -> Result {
        var faults = 0
        while true {
            do {
                return try await body()
            } catch let fault as RowFault where faults < Self.limitAtOnce {
                faults += 1
                var outcome = Outcome.left
                do {
                    if try await fail(fault) { outcome = .failed }
                } catch let error as ExhaustError where isOfRow(error) {
                    // Not even the row's status can be written, so it stays as it is.
                }
                add(fault, outcome, at: try await now())
            }
        }
    }

    private func add(_ fault: RowFault, _ outcome: Outcome, at now: Timestamp) {
        until.withLock { if $0.count < Self.limit { $0[fault.key] = now.adding(seconds: Self.seconds) } }
        log?.log(
            .error, "request-set-aside",
            [
                ("request", .string(fault.key.requestID)), ("outcome", .string(outcome.rawValue)),
                ("error", .string(fault.reason)),
            ])
    }
}
