/// The table `consumer_channel_mapping`: which programs may act for which channels (upstream.md 1.3, 2.9).
public protocol ConsumerSource: Sendable {
    /// Whether a row of `consumer` and `channel` has status 1. An empty consumer is never allowed.
    func isAllowed(consumer: String, channel: String) async throws -> Bool
}

/// Where the rows of that table are kept; `ConsumerSource` holds them in memory between two refreshes, as upstream does.
public protocol ConsumerTable: Sendable {
    /// The rows whose status is exactly 1. Throws `unavailable` if the store does not answer.
    func allowedConsumers() async throws -> [ConsumerChannel]
}

/// A program that may act for a channel.
public struct ConsumerChannel: Sendable, Hashable {
    /// `consumer_id`.
    public var consumer: String
    /// `channel`.
    public var channel: String

    /// A program that may act for a channel.
    public init(consumer: String, channel: String) {
        self.consumer = consumer
        self.channel = channel
    }
}

/// The platform's user service (upstream.md 2.9).
public protocol UserSource: Sendable {
    /// The user of that id, asked with the user's own token. Throws `forbidden` with the service's message if it knows no
    /// such user, `unavailable` if it does not answer.
    func user(_ id: String, token: String) async throws -> UserRecord
}

/// What the user service says of a user.
public struct UserRecord: Sendable, Hashable {
    /// `rootOrg.id`; nil if the user has none.
    public var rootOrganisation: String?
    /// Roles in any organisation of the user (upstream.md 2.14, 33).
    public var roles: Set<String>

    /// What the user service says of a user.
    public init(rootOrganisation: String?, roles: Set<String>) {
        self.rootOrganisation = rootOrganisation
        self.roles = roles
    }
}
