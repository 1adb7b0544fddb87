import HTTPMessages
public import ReportPorts
import ReportModel

/// Sends a request again if there was no answer, or one that says that the server is in trouble: what can be repeated
/// always, anything else only if nothing was sent.
public struct RetryingClient: WebClient {
    private let client: any WebClient
    private let policy: RetryPolicy
    private let clock: any ServiceClock

    /// Sends again by `client`.
    public init(_ client: any WebClient, policy: RetryPolicy = RetryPolicy(), clock: any ServiceClock) {
        self.client = client
        self.policy = policy
        self.clock = clock
    }

    /// As `WebClient.send`.
    public func send(_ request: WebRequest) async throws -> WebAnswer {
        var attempt = 1
        while true {
            var serverAsks: Double?
            do {
                let answer = try await client.send(request)
                guard answer.mayPass, request.isRepeatable, attempt < policy.attempts else { return answer }
                serverAsks = answer.fields["Retry-After"].flatMap(Double.init)
            } catch let error as ExhaustError {
                guard attempt < policy.attempts, Self.mayRepeat(request, after: error) else { throw error }
            }
            try await clock.sleep(
                seconds: policy.delay(after: attempt, random: .random(in: 0...1), serverAsks: serverAsks))
            attempt += 1
        }
    }

    private static func mayRepeat(_ request: WebRequest, after error: ExhaustError) -> Bool {
        switch error.cause as? WebFailure {
        case .notConnected: true
        case .cut, .timedOut: request.isRepeatable
        case .leftAlone, .notTrusted, nil: false
        }
    }
}
