import HTTPServer
import ReportModel
import ReportPorts

/// Bounds the work that is done for those who are not known: upstream's dialects read a body, and hold it against schemas,
/// before they say that its sender may not ask (upstream.md 2.4). Whoever is known has a limit of their own.
struct StrangerLimit: Sendable {
    /// Requests of one address: so many at once, and so many a second in the long run.
    static let rate = RateLimit(perSecond: 5, burst: 300)

    private let buckets = TokenBuckets(StrangerLimit.rate, names: 10_000)

    /// Throws `tooManyRequests` to an address from which too many come.
    func admit(_ address: String, at now: Timestamp) throws(ExhaustError) {
        guard let wait = buckets.take(ClientAddress.network(of: address), at: now) else { return }
        throw .tooOften("callers who are not known here", retryAfter: wait)
    }
}

/// Who sent a request of upstream's dialects, found out before its body is read.
struct Sender: Sendable {
    private let found: Result<Caller, ExhaustError>

    /// Throws `tooManyRequests`, and what else keeps the service from finding out; that the sender is not known, or may not
    /// act so, is told by `caller`.
    init(of request: HTTPRequest, _ ports: APIPorts) async throws {
        do {
            found = .success(try await ports.access.caller(of: request))
        } catch let error as ExhaustError where error.code == .unauthenticated || error.code == .forbidden {
            try ports.strangers.admit(ports.auditing.addresses.address(of: request), at: ports.clock.now())
            found = .failure(error)
        }
    }

    /// The sender. Throws `unauthenticated` or `forbidden`.
    var caller: Caller {
        get throws(ExhaustError) { try found.get() }
    }
}
