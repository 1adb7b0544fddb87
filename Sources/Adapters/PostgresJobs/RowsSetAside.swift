import JobLifecycle
import PostgresAccess
import ReportModel
import ReportPorts
import Synchronization

/// Requests that this process passes over for a while, since their rows or runs cannot be read or written.
final class RowsSetAside: Sendable {
    /// How long a row is passed over, in seconds; whatever is wrong with it may have been mended by then.
    static let seconds = 600.0
    /// Rows that are remembered; the others are met again.
    static let limit = 1_000
    /// Rows that one look for work sets aside; with more, the fault is rather the store's.
    static let limitAtOnce = 32

    /// What became of a row.
    enum Outcome: String {
        /// It is FAILED.
        case failed
        /// It is as it was.
        case left
    }

    private let until = Mutex<[RequestKey: Timestamp]>([:])
    private let log: (any EventLog)?

    init(log: (any EventLog)?) { self.log = log }

    func keys(at now: Timestamp) -> Set<RequestKey> {
        until.withLock { until in
            if !until.isEmpty { until = until.filter { now < $0.value } }
            return Set(until.keys)
        }
    }

    func add(_ fault: RowFault, _ outcome: Outcome, at now: Timestamp) {
        until.withLock { if $0.count < Self.limit { $0[fault.key] = now.adding(seconds: Self.seconds) } }
        log?.log(
            .error, "request-set-aside",
            [
                ("request", .string(fault.key.requestID)), ("outcome", .string(outcome.rawValue)),
                ("error", .string(fault.reason)),
            ])
    }
}

extension ExhaustError {
    /// Whether it can come from what stands in one row: values that do not fit, constraints, triggers, limits, and JSON that
    /// cannot be read. Everything else would meet every row.
    var isFaultOfOneRow: Bool {
        guard let failure = postgresFailure else { return code == .dataDamaged || code == .invalidInput }
        // 23505: somebody else was first.
        guard !failure.isConnectionLost, !failure.isContention, failure.sqlState != "23505" else { return false }
        return ["22", "23", "44", "54", "P0"].contains { failure.sqlState.hasPrefix($0) }
    }
}
