public import HTTPServer
import HTTPMessages
public import ReportModel
public import ReportPorts
import SecureArchive

/// Who may do what, in upstream's order and with its messages (upstream.md 2.9, mended as design.md 9 says).
public struct RequestAccess: AccessControl {
    private let rules: AccessRules
    private let consumers: any ConsumerSource
    private let tokens: UserTokens?
    private let sessions: Sessions?
    private let clock: any ServiceClock
    private let consumerBuckets: TokenBuckets
    private let userBuckets: TokenBuckets

    /// Access by `consumers`, and by user tokens and sessions where they are configured.
    public init(
        rules: AccessRules, consumers: any ConsumerSource, tokens: UserTokens?, sessions: Sessions?,
        clock: any ServiceClock
    ) {
        self.rules = rules
        self.consumers = consumers
        self.tokens = tokens
        self.sessions = sessions
        self.clock = clock
        consumerBuckets = TokenBuckets(rules.consumerRate)
        userBuckets = TokenBuckets(rules.userRate)
    }

    /// As `AccessControl.caller`; throws `tooManyRequests` to who asks too often.
    public func caller(of request: HTTPRequest) async throws -> Caller {
        let caller = try await recognised(request)
        try admit(caller)
        return caller
    }

    /// As `AccessControl.admit`.
    public func admit(_ caller: Caller) throws(ExhaustError) {
        // On one's own machine there is nobody to be protected from.
        if caller.credential == .demo { return }
        let now = clock.now()
        if let userID = caller.userID {
            if let wait = userBuckets.take(userID, at: now) {
                throw ExhaustError.tooOften("user \(userID)", retryAfter: wait)
            }
        } else if let consumer = caller.consumerID {
            if let wait = consumerBuckets.take("\(consumer)\n\(caller.channel)", at: now) {
                throw ExhaustError.tooOften("consumer \(consumer)", retryAfter: wait)
            }
        }
    }

    /// As `AccessControl.check`.
    public func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError) {
        switch caller.credential {
        case .consumer, .demo: return
        case .token, .session:
            let allowed = metadata?.authorizedRoles.map { Set($0) } ?? rules.roles
            guard !allowed.isDisjoint(with: caller.roles) else { throw .refusing(caller) }
        }
    }

    /// As `AccessControl.check`.
    public func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError) {
        switch caller.credential {
        case .consumer, .demo: return
        case .token, .session: break
        }
        let scope =
            rules.batchScope ?? (rules.organisationRoles.isDisjoint(with: caller.roles) ? .mentor : .organisation)
        guard scope == .mentor else { return }
        guard let userID = caller.userID else { throw .refusing(caller) }
        for batch in batches where batch.createdBy != userID && !batch.mentors.contains(userID) {
            throw .refusing(caller, remedy: "Batch \(batch.key.batch) is neither yours nor one that you mentor.")
        }
    }

    private func recognised(_ request: HTTPRequest) async throws -> Caller {
        if let demo = rules.demo { return try DemoAccess.caller(demo, of: request) }
        let channel = request.fields["X-Channel-ID"] ?? ""
        let token = request.fields["x-authenticated-user-token"] ?? ""
        // An empty header is no token (design.md 9, mends upstream.md 2.14, 31). The page is also reached through gateways
        // that name a consumer for everybody: on our own operations the session counts.
        let isProgram = consumerID(of: request) != nil && !channel.isEmpty
        if token.isEmpty, Self.isOurs(request.path) || !isProgram {
            do {
                if let sessions, let cookie = try sessions.cookie(of: request) {
                    return try await sessionCaller(sessions, cookie, channel, request)
                }
            } catch let error as ExhaustError where error.code == .unauthenticated && isProgram {
                // A cookie that is nobody's takes nothing from a program.
            }
            if channel.isEmpty, Self.isOurs(request.path) {
                throw ExhaustError(.unauthenticated, "nobody is signed in", remedy: "Sign in.")
            }
        }
        guard !channel.isEmpty else {
            throw ExhaustError(.forbidden, "X-Channel-ID is missing in request header")
        }
        return token.isEmpty
            ? try await consumerCaller(channel, request) : try await tokenCaller(token, channel, request)
    }

    private func consumerCaller(_ channel: String, _ request: HTTPRequest) async throws -> Caller {
        guard let consumer = consumerID(of: request),
            try await consumers.isAllowed(consumer: consumer, channel: channel)
        else {
            let consumer = request.fields["X-Consumer-ID"] ?? ""
            throw ExhaustError(
                .forbidden, "Given X-Consumer-ID='\(consumer)' and X-Channel-ID='\(channel)' are not authorized")
        }
        return Caller(credential: .consumer, channel: channel, consumerID: consumer)
    }

    private func tokenCaller(_ token: String, _ channel: String, _ request: HTTPRequest) async throws -> Caller {
        guard let tokens else {
            throw ExhaustError(
                .unauthenticated, "user token: tokens are not accepted here",
                remedy: "Set access.token.keys to the keys that sign them.", mender: .operator)
        }
        let user = try await tokens.user(of: token)
        let named = request.fields["X-Authenticated-Userid"] ?? ""
        let caller = Caller(
            credential: .token, channel: user.organisation ?? channel, userID: user.id,
            consumerID: consumerID(of: request), roles: user.roles)
        // The organisation's own spelling counts: two spellings must not be two tenants.
        guard named.isEmpty || named == user.id, user.organisation?.lowercased() == channel.lowercased() else {
            throw ExhaustError.refusing(caller)
        }
        return caller
    }

    private func sessionCaller(
        _ sessions: Sessions, _ cookie: String, _ channel: String, _ request: HTTPRequest
    ) async throws -> Caller {
        let session = try await sessions.session(of: cookie)
        let caller = Caller(
            credential: .session, channel: session.channel, userID: session.userID, roles: session.roles,
            sessionID: session.cookieHash)
        guard channel.isEmpty || channel.lowercased() == session.channel.lowercased() else {
            throw ExhaustError.refusing(caller)
        }
        if request.method != .get, request.method != .head {
            try sessions.checkChange(request, cookie: cookie, caller)
        }
        return caller
    }

    /// The consumer that the gateway names; nil if it names none, or if who names one need not be the gateway.
    private func consumerID(of request: HTTPRequest) -> String? {
        guard rules.trustsConsumers, let consumer = request.fields["X-Consumer-ID"], !consumer.isEmpty,
            cameThroughGateway(request)
        else { return nil }
        return consumer
    }

    private func cameThroughGateway(_ request: HTTPRequest) -> Bool {
        guard let secret = rules.gatewaySecret else { return true }
        return SecretBytes(Array((request.fields["X-Gateway-Secret"] ?? "").utf8)) == secret
    }

    /// Whether a path is one of our own operations, whose callers are told to sign in.
    private static func isOurs(_ path: String) -> Bool {
        path.hasPrefix("/v1/") && !path.hasPrefix("/v1/jobrequest")
    }
}
