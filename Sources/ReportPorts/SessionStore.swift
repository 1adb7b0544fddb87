public import ReportModel

/// Sessions of people who signed in. The store knows a session by the hash of its cookie alone, so that nobody who reads it
/// can take one over.
public protocol SessionStore: Sendable {
    /// Keeps a session. Where its user has `SessionLimits.perUser` already, the one that ends first goes.
    /// Throws `unavailable` if there are more than `SessionLimits.all`.
    func begin(_ session: SessionRecord) async throws

    /// The session of that hash, unless it has ended by the store's clock.
    func session(_ cookieHash: String) async throws -> SessionRecord?

    /// Ends a session; one that is not there has ended already.
    func end(_ cookieHash: String) async throws

    /// Forgets what has ended by itself; answers how many.
    func sweepSessions() async throws -> Int
}

/// Named limits of a session store.
public enum SessionLimits {
    /// Sessions of one user at a time.
    public static let perUser = 20
    /// Sessions of everybody.
    public static let all = 100_000
}

/// Somebody who signed in.
public struct SessionRecord: Sendable, Hashable {
    /// Hexadecimal SHA-256 of the cookie.
    public var cookieHash: String
    /// The user.
    public var userID: String
    /// The root organisation.
    public var channel: String
    /// The user's roles, as they were at the sign-in.
    public var roles: Set<String>
    /// When it ends by itself.
    public var endsAt: Timestamp

    /// Somebody who signed in.
    public init(cookieHash: String, userID: String, channel: String, roles: Set<String>, endsAt: Timestamp) {
        self.cookieHash = cookieHash
        self.userID = userID
        self.channel = channel
        self.roles = roles
        self.endsAt = endsAt
    }
}
