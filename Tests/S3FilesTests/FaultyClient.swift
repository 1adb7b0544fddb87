import HTTPClient
import HTTPMessages
import ReportModel
import Synchronization

/// Puts faults between store and server: some requests do not arrive, of others the answer gets lost.
final class FaultyClient: WebClient {
    enum Fault: Sendable {
        /// The server is asked nothing and answers 500.
        case refuses
        /// The connection breaks before the server sees anything.
        case cutBefore
        /// The server does it, but the answer gets lost.
        case cutAfter
    }

    private let client: any WebClient
    private let fault: @Sendable (WebRequest, Int) -> Fault?
    private let count = Mutex(0)

    /// `fault` is asked for each request with its number, from 1.
    init(_ client: any WebClient, fault: @escaping @Sendable (WebRequest, Int) -> Fault?) {
        self.client = client
        self.fault = fault
    }

    var asked: Int { count.withLock { $0 } }

    func send(_ request: WebRequest) async throws -> WebAnswer {
        let number = count.withLock { count in
            count += 1
            return count
        }
        switch fault(request, number) {
        case nil: return try await client.send(request)
        case .refuses: return WebAnswer(status: 500, body: Array("<Error><Code>InternalError</Code></Error>".utf8))
        case .cutBefore: break
        case .cutAfter: _ = try await client.send(request)
        }
        throw ExhaustError(.unavailable, "test: cut", cause: WebFailure.cut)
    }
}
