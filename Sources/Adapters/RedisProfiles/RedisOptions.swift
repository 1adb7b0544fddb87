import ReportModel

/// Where the user cache and the relation cache are, and how to ask them.
public struct RedisOptions: Sendable {
    /// Host name or address.
    public var host: String
    /// Port.
    public var port: Int
    /// The name of an access list's user; nil is the default one.
    public var user: String?
    /// The password; nil for none.
    public var password: String?
    /// Whether the connection is TLS (1.2 or newer); the certificate is checked, and its name.
    public var usesTLS: Bool
    /// A file of PEM certificates to trust instead of the system's.
    public var trustFile: String?
    /// Index of the database with the user cache (upstream: `sparkUserDbRedisIndex`).
    public var userDatabase: Int
    /// Index of the database with the relation cache (upstream: `sunbird.course.redis.relationCache.id`).
    public var relationDatabase: Int
    /// The last part of the relation cache's keys of optional nodes (upstream: `sunbird.course.optionalnodes`).
    public var optionalNodes: String
    /// Connections, each with a thread.
    public var connections: Int
    /// How long a connection may take to come about, in seconds.
    public var connectSeconds: Double
    /// How long the server may say nothing while an answer is due, in seconds.
    public var answerSeconds: Double
    /// How often a page is asked for in all, where the connection breaks.
    public var attempts: Int
    /// How long a page is asked for again while the server is away, however often that is, in seconds.
    public var retrySeconds: Double
    /// Bytes that one value may have; more is taken for damage.
    public static let valueLimit = 4 << 20

    /// A server; the databases are those of a deployment (12 and 10) unless said otherwise.
    public init(
        host: String, port: Int = 6_379, user: String? = nil, password: String? = nil, usesTLS: Bool = false,
        trustFile: String? = nil, userDatabase: Int = 12, relationDatabase: Int = 10,
        optionalNodes: String = "optionalnodes", connections: Int = 2, connectSeconds: Double = 3,
        answerSeconds: Double = 5, attempts: Int = 3, retrySeconds: Double = 0
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.usesTLS = usesTLS
        self.trustFile = trustFile
        self.userDatabase = userDatabase
        self.relationDatabase = relationDatabase
        self.optionalNodes = optionalNodes
        self.connections = connections
        self.connectSeconds = connectSeconds
        self.answerSeconds = answerSeconds
        self.attempts = attempts
        self.retrySeconds = retrySeconds
    }

    /// What messages call the server.
    var name: String { "Redis \(host):\(port)" }

    func unavailable(_ why: String) -> ExhaustError {
        ExhaustError(.unavailable, "\(name): \(why)", remedy: "Check that it runs, and the settings profiles.redis.")
    }
}
