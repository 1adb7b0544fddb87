import HTTPMessages
import ReportModel
public import ReportPorts
import Synchronization

/// Leaves a server alone for a while after it failed again and again, so that whoever needs it hears at once that it is
/// out, and it is not kept down by requests. One breaker a scheme, host and port.
public final class BreakingClient: WebClient {
    private let client: any WebClient
    private let limits: BreakerLimits
    private let clock: any ServiceClock
    private let breakers = Mutex<[String: CircuitBreaker]>([:])

    /// Sends by `client`.
    public init(_ client: any WebClient, limits: BreakerLimits = BreakerLimits(), clock: any ServiceClock) {
        self.client = client
        self.limits = limits
        self.clock = clock
    }

    /// Servers that are left alone now, as `https://host`, sorted.
    public var leftAlone: [String] {
        breakers.withLock { $0.filter { !$0.value.isClosed }.keys.sorted() }
    }

    /// As `WebClient.send`; throws `unavailable` with `WebFailure.leftAlone` while the server is left alone.
    public func send(_ request: WebRequest) async throws -> WebAnswer {
        try await guarded(request) { try await client.send(request) }
    }

    /// As `WebClient.download`; throws as `send`.
    public func download(_ request: WebRequest, to sink: @escaping WebSink) async throws -> WebAnswer {
        try await guarded(request) { try await client.download(request, to: sink) }
    }

    private func guarded(_ request: WebRequest, _ body: () async throws -> WebAnswer) async throws -> WebAnswer {
        let origin = try WebAddress(parsing: request.url).origin
        if let pause = change(origin, { $0.ask(at: clock.now()) }) {
            throw ExhaustError(
                .unavailable,
                "\(request.method.rawValue) \(origin): it failed \(limits.failures) times in a row and is left alone for "
                    + "\(Int(pause.rounded(.up))) s",
                remedy: "Check the service.", cause: WebFailure.leftAlone)
        }
        do {
            let answer = try await body()
            // Too many requests are ours to mend, not a server that is down.
            if answer.mayPass, answer.status != 429 {
                change(origin) { $0.failed(at: clock.now()) }
            } else {
                change(origin) { $0.succeeded() }
            }
            return answer
        } catch let error as ExhaustError where error.cause is WebFailure {
            change(origin) { $0.failed(at: clock.now()) }
            throw error
        }
    }

    @discardableResult
    private func change<Result: Sendable>(_ origin: String, _ body: (inout CircuitBreaker) -> Result) -> Result {
        breakers.withLock { breakers in
            var breaker = breakers[origin] ?? CircuitBreaker(limits)
            defer {
                // A healthy server needs no memory; nor does one too many.
                let isWorthwhile = breaker != CircuitBreaker(limits)
                breakers[origin] =
                    isWorthwhile && (breakers[origin] != nil || breakers.count < limits.servers) ? breaker : nil
            }
            return body(&breaker)
        }
    }
}
