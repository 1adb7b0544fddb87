/// How a cluster is reached; the setting names are `cassandra.…`.
public struct CassandraOptions: Sendable {
    /// How much of the replicas a read asks.
    public enum Consistency: Int32, Sendable, Hashable, CaseIterable {
        case one = 1
        case quorum = 4
        case all = 5
        case localQuorum = 6
        case localOne = 10
    }

    /// Names or addresses of some nodes; the driver finds the others.
    public var contactPoints: [String]
    /// `cassandra.port`.
    public var port = 9042
    /// `cassandra.localDataCentre`; nil takes that of the first node that answers.
    public var localDataCentre: String?
    /// `cassandra.user` and `cassandra.password`; nil asks without.
    public var credentials: Credentials?
    /// TLS; nil talks in the clear.
    public var tls: TLS?
    /// `cassandra.consistency`.
    public var consistency = Consistency.localQuorum
    /// `cassandra.connectSeconds`: how long making a connection may take.
    public var connectSeconds = 5.0
    /// `cassandra.requestSeconds`: how long one page may take.
    public var requestSeconds = 12.0
    /// `cassandra.heartbeatSeconds`: how often an idle connection is tried.
    public var heartbeatSeconds = 2
    /// `cassandra.idleSeconds`: a connection that answers nothing for so long is given up.
    public var idleSeconds = 6
    /// How long a node that was lost is left alone before it is tried again. The driver's own waits grow to a minute and
    /// more, and so an outage would last that much longer than it does.
    public var reconnectSeconds = 2.0
    /// `cassandra.threads`: threads of the driver.
    public var threads = 2
    /// `cassandra.connections`: connections to each node.
    public var connectionsPerHost = 2
    /// `cassandra.inFlight`: requests under way at once.
    public var requestsInFlight = 512
    /// How failed requests are repeated.
    public var retry = CassandraRetry()

    /// A user name with its password.
    public struct Credentials: Sendable {
        /// The name.
        public var user: String
        /// The password; never logged.
        public var password: String

        /// A user name with its password.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Certificates, as PEM.
    public struct TLS: Sendable {
        /// Certificates of the authorities that the nodes' certificates must come from.
        public var authorities: [UInt8]
        /// Our certificate and its private key, where the nodes ask for one.
        public var client: (certificate: [UInt8], key: [UInt8])?
        /// Whether the nodes' certificates are checked. Switched off, anybody can pose as the cluster.
        public var verifies = true

        /// TLS by these authorities.
        public init(authorities: [UInt8], client: (certificate: [UInt8], key: [UInt8])? = nil, verifies: Bool = true) {
            self.authorities = authorities
            self.client = client
            self.verifies = verifies
        }
    }

    /// Defaults for these nodes.
    public init(contactPoints: [String]) { self.contactPoints = contactPoints }
}

/// How reads that failed for a reason that can pass are repeated. Reads change nothing, so that each may be.
public struct CassandraRetry: Sendable, Hashable {
    /// `cassandra.attempts`: attempts at one read, the first included.
    public var attempts = 6
    /// Longest wait before the second attempt; it doubles with each further one, and is shortened by chance.
    public var baseSeconds = 0.1
    /// Longest wait before any attempt.
    public var capSeconds = 5.0

    /// The defaults.
    public init() {}

    /// The wait after the `failures`th failure; `chance` is between 0 and 1.
    public func seconds(after failures: Int, chance: Double) -> Double {
        let longest = min(capSeconds, baseSeconds * Double(1 << min(max(failures - 1, 0), 20)))
        return longest * (0.5 + 0.5 * chance)
    }
}
