public import ReportModel

/// One request whose row or run cannot be read or written, and why: a fault that others must not suffer from.
public struct RowFault: Error, Sendable, Hashable {
    /// The request.
    public let key: RequestKey
    /// What stands in the way; it tells nothing of the row's values.
    public let reason: String

    /// A request that cannot be worked on.
    public init(key: RequestKey, reason: ExhaustError) {
        self.key = key
        self.reason = reason.message
    }
}

extension JobTransactions {
    /// Does `body`, which is about the row of `key` alone. What fails because of that row is thrown as `RowFault`.
    func about<Result>(_ key: RequestKey, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ExhaustError where table.isFaultOfRow(error) {
            throw RowFault(key: key, reason: error)
        }
    }

    /// Fails a waiting request whose run cannot be stored, in its row alone. Answers whether it was one.
    public func fail(_ fault: RowFault) throws -> Bool {
        guard var machine = try machine(of: fault.key), machine.state == .waiting else { return false }
        machine.failUnstored(at: now)
        try table.save(machine.request, nil)
        return true
    }
}

extension RequestMachine {
    mutating func failUnstored(at now: Timestamp) {
        request.status = .failed
        request.iteration += 1
        request.errorMessage = "the job store cannot keep what belongs to the request; the service's log tells why"
        request.completedAt = now
        request.executionMilliseconds = 0
    }
}
