public import SecureArchive

/// What settings decide about access.
public struct AccessRules: Sendable {
    /// Whose batches a user may ask for.
    public enum BatchScope: String, Sendable, Hashable, CaseIterable {
        /// Every batch, as upstream does; its rows are still those of the user's organisation.
        case organisation
        /// Only batches that the user made or mentors.
        case mentor
    }

    /// `access.roles`: who may have reports whose dataset names no roles of its own.
    public var roles: Set<String> = [
        "ORG_ADMIN", "REPORT_ADMIN", "COURSE_ADMIN", "CONTENT_CREATOR", "COURSE_MENTOR",
    ]
    /// `access.batch`; nil goes by the roles: `organisation` with one of `organisationRoles`, `mentor` for everybody else.
    public var batchScope: BatchScope?
    /// `access.organisationRoles`: roles that may ask for every batch where `access.batch` does not say.
    public var organisationRoles: Set<String> = ["ORG_ADMIN", "REPORT_ADMIN", "COURSE_ADMIN"]
    /// `access.consumers`: whether `X-Consumer-ID` counts, which only a gateway in front may set.
    public var trustsConsumers = false
    /// `access.gatewaySecret`: what the gateway has to send as `X-Gateway-Secret`; nil if only the gateway can connect.
    public var gatewaySecret: SecretBytes?
    /// `rate.consumer`: requests of one consumer and channel.
    public var consumerRate = RateLimit(perSecond: 50, burst: 200)
    /// `rate.user`: requests of one user.
    public var userRate = RateLimit(perSecond: 20, burst: 100)
    /// In demo mode, on loopback alone, everybody is this caller.
    public var demo: Caller?

    /// All defaults: nobody may do anything.
    public init() {}
}
