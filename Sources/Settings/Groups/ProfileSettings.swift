/// Where learners' profiles come from (upstream.md 1.11); names are upstream's where it has them.
public struct ProfileSettings: Sendable {
    /// Where profiles come from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// Where all other learner data comes from.
        case embedded
        /// The user cache in Redis.
        case redis
    }

    /// `profiles.source`.
    public var source = Source.embedded
    /// `profiles.fallback`.
    public var asksStore = false
    /// `profiles.redis.relations`.
    public var usesRelations = true
    /// `profiles.redis.host`.
    public var host = ""
    /// `profiles.redis.port`.
    public var port = 6_379
    /// `profiles.redis.user` and `profiles.redis.password`.
    public var (user, password) = ("", "")
    /// `profiles.redis.tls`.
    public var usesTLS = false
    /// `profiles.redis.trustFile`.
    public var trustFile = ""
    /// `profiles.redis.userDatabase`.
    public var userDatabase = 12
    /// `profiles.redis.relationDatabase`.
    public var relationDatabase = 10
    /// `profiles.redis.optionalNodes`.
    public var optionalNodes = "optionalnodes"
    /// `profiles.redis.connections`.
    public var connections = 2
    /// `profiles.redis.connectSeconds`.
    public var connectSeconds = 3.0
    /// `profiles.redis.answerSeconds`.
    public var answerSeconds = 5.0
    /// `profiles.redis.retrySeconds`.
    public var retrySeconds = 30.0

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Profiles")
        try reader.choice(&source, "profiles.source", "Where learners' profiles come from.")
        try reader.flag(
            &asksStore, "profiles.fallback", "Whether who is missing in Redis is asked of the other learner store.")
        try reader.text(&host, "profiles.redis.host", aliases: ["sparkRedisConnectionHost"], "Host of the user cache.")
        try reader.whole(&port, "profiles.redis.port", 1...65_535, "", aliases: ["sparkUserDbRedisPort"], "Its port.")
        try reader.text(&user, "profiles.redis.user", "Name for access lists; empty is the default user.")
        try reader.text(&password, "profiles.redis.password", isSecret: true, "Password; empty for none.")
        try reader.flag(&usesTLS, "profiles.redis.tls", "Whether the connection is TLS; the certificate is checked.")
        try reader.text(
            &trustFile, "profiles.redis.trustFile", "PEM file of certificates to trust instead of the system's.")
        try reader.whole(
            &userDatabase, "profiles.redis.userDatabase", 0...65_535, "", aliases: ["sparkUserDbRedisIndex"],
            "Database of the user cache.")
        try reader.whole(
            &relationDatabase, "profiles.redis.relationDatabase", 0...65_535, "",
            aliases: ["sunbird.course.redis.relationCache.id"], "Database of the relation cache; upstream also has 5.")
        try reader.text(
            &optionalNodes, "profiles.redis.optionalNodes", aliases: ["sunbird.course.optionalnodes"],
            "Last part of the relation cache's keys of optional nodes.")
        try reader.flag(
            &usesRelations, "profiles.redis.relations", "Whether the relation cache tells which nodes are optional.")
        try reader.whole(
            &connections, "profiles.redis.connections", 1...64, "connections", "Connections of one process.")
        try reader.seconds(&connectSeconds, "profiles.redis.connectSeconds", 0.1...300, "How long connecting may take.")
        try reader.seconds(
            &answerSeconds, "profiles.redis.answerSeconds", 0.1...300, "How long an answer may take.")
        try reader.seconds(
            &retrySeconds, "profiles.redis.retrySeconds", 0...3_600,
            "How long a run waits for a server that is away, before its attempt fails.")
    }
}
