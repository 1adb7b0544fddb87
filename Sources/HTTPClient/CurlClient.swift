import BlockingWork
import CCurl
import HTTPMessages
import ReportModel
import Synchronization

/// Sends requests by libcurl, on threads of its own whose connections stay open for the next request. Certificates are
/// checked, TLS 1.2 is the least, redirects are not followed.
public final class CurlClient: WebClient {
    private let pool: BlockingPool<CurlHandle>

    /// Starts the threads. Throws `internalFault` if libcurl or the system refuses.
    public init(_ options: CurlOptions = CurlOptions()) async throws {
        guard Self.isStarted else { throw ExhaustError(.internalFault, "libcurl does not start") }
        pool = try await BlockingPool(
            name: "web client", limits: .init(threads: options.concurrency, waiting: options.waiting)
        ) {
            try CurlHandle(options)
        }
    }

    /// libcurl is to be started once in a program, before its first use.
    private static let isStarted = curlx_start() == CURLE_OK

    /// As `WebClient.send`.
    public func send(_ request: WebRequest) async throws -> WebAnswer {
        let stop = StopFlag()
        return try await withTaskCancellationHandler {
            try await pool.run { handle in try handle.exchange(request, stop: stop) }
        } onCancel: {
            stop.raise()
        }
    }

    /// Ends the threads and the connections after what they are at.
    public func close() async { await pool.close() }
}

/// Tells a request that is under way that nobody waits for it any more.
final class StopFlag: Sendable {
    private let flag = Atomic(false)
    var isRaised: Bool { flag.load(ordering: .relaxed) }
    func raise() { flag.store(true, ordering: .relaxed) }
}
