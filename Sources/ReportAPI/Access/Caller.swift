public import ReportModel

/// Who calls, as far as it was verified.
public struct Caller: Sendable, Hashable {
    /// By what the caller was recognised.
    public enum Credential: String, Sendable, Hashable {
        /// A row of the consumer-channel table: another program of the platform, trusted with what it says of users.
        case consumer
        /// A user token in the header.
        case token
        /// The session cookie of the page; changes need the CSRF token too.
        case session
        /// Demo mode on loopback.
        case demo
    }

    /// By what the caller was recognised.
    public var credential: Credential
    /// The root organisation for which the caller acts; requests and files of others do not exist for it.
    public var channel: String
    /// The user; nil for a consumer.
    public var userID: String?
    /// `X-Consumer-ID`; nil without one.
    public var consumerID: String?
    /// The user's roles, such as `ORG_ADMIN`; empty for a consumer.
    public var roles: Set<String>
    /// Names the session, if there is one: download links are bound to it. Not the secret in the cookie.
    public var sessionID: String?

    /// A caller.
    public init(
        credential: Credential, channel: String, userID: String? = nil, consumerID: String? = nil,
        roles: Set<String> = [], sessionID: String? = nil
    ) {
        self.credential = credential
        self.channel = channel
        self.userID = userID
        self.consumerID = consumerID
        self.roles = roles
        self.sessionID = sessionID
    }
}

extension Caller {
    /// The user in whose name a request is filed. A consumer says it by itself, as does anybody in demo mode; a user is
    /// always the one who signed in, so that nobody files in the name of another. Throws `forbidden`.
    public func requester(named name: String?) throws(ExhaustError) -> String {
        let name = name ?? ""
        guard credential == .token || credential == .session, let userID else {
            return name.isEmpty ? userID ?? "" : name
        }
        guard name.isEmpty || name == userID else { throw .refusing(self) }
        return userID
    }
}

extension ExhaustError {
    /// Upstream's message for every user who may not (upstream.md 2.9).
    public static let notAuthorised = ExhaustError(.forbidden, "You are not authorized.")

    /// The same error about a caller who is known, for the audit log.
    static func refusing(_ caller: Caller, remedy: String = "") -> ExhaustError {
        notAuthorised.refusing(caller, remedy: remedy)
    }

    /// This error about a caller who is known, and the request that they asked for; for the audit log. `remedy` takes the
    /// place of its own.
    func refusing(
        _ caller: Caller, about key: RequestKey? = nil, report: String? = nil, remedy: String? = nil
    ) -> ExhaustError {
        ExhaustError(
            code, message, remedy: remedy ?? self.remedy, mender: mender,
            cause: RefusedCaller(caller: caller, request: key, report: report))
    }

    /// Whether somebody was kept from something, whatever they are told: what the audit log has to know.
    var isRefusal: Bool { code == .unauthenticated || code == .forbidden || cause is RefusedCaller }
}

/// The cause of a refusal: who was refused, as far as it was verified, and what. It is written down also where the answer
/// says something else, such as that there is no such request.
struct RefusedCaller: Error, Sendable, Hashable {
    let caller: Caller
    var request: RequestKey?
    var report: String?
    /// Why, where the answer does not tell.
    var reason: String?
}
