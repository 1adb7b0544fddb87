import HTTPMessages
import ReportModel
import ReportPorts

/// Leaves a server alone for a while after it failed again and again, so that whoever needs it hears at once that it is
/// out, and it is not kept down by requests.
public struct BreakingClient: WebClient {
    private let client: any WebClient
    private let breakers: Breakers

    /// Sends by `client`; `breakers` remember who failed.
    public init(_ client: any WebClient, breakers: Breakers) {
        self.client = client
        self.breakers = breakers
    }

    /// As `WebClient.send`; throws `unavailable` with `WebFailure.leftAlone` while the server is left alone.
    public func send(_ request: WebRequest) async throws -> WebAnswer {
        let origin = try WebAddress(parsing: request.url).origin
        let clock = breakers.clock
        if let pause = breakers.change(origin, { $0.ask(at: clock.now()) }) {
            throw ExhaustError(
                .unavailable,
                "\(request.method.rawValue) \(origin): it failed \(breakers.limits.failures) times in a row and is left "
                    + "alone for \(Int(pause.rounded(.up))) s",
                remedy: "Check the service.", cause: WebFailure.leftAlone)
        }
        do {
            let answer = try await client.send(request)
            // Too many requests are ours to mend, not a server that is down.
            if answer.mayPass, answer.status != 429 {
                breakers.change(origin) { $0.failed(at: clock.now()) }
            } else {
                breakers.change(origin) { $0.succeeded() }
            }
            return answer
        } catch let error as ExhaustError where error.cause is WebFailure {
            breakers.change(origin) { $0.failed(at: clock.now()) }
            throw error
        }
    }
}
