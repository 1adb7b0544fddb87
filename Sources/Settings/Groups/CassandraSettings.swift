/// The deployment's Cassandra; names of keyspaces have upstream's keys as second names (upstream.md 8.1).
public struct CassandraSettings: Sendable {
    /// How much of the replicas a read asks.
    public enum Consistency: String, Sendable, Hashable, CaseIterable {
        case one = "ONE"
        case quorum = "QUORUM"
        case all = "ALL"
        case localQuorum = "LOCAL_QUORUM"
        case localOne = "LOCAL_ONE"
    }

    /// How aggregates and attempts are read.
    public enum Way: String, Sendable, Hashable, CaseIterable { case auto, ask, scan }

    /// `cassandra.contactPoints`.
    public var contactPoints: [String] = []
    /// `cassandra.port`.
    public var port = 9_042
    /// `cassandra.localDataCentre`.
    public var localDataCentre = ""
    /// `cassandra.user` and `cassandra.password`.
    public var (user, password) = ("", "")
    /// `cassandra.driver`.
    public var driver: [String] = []
    /// `cassandra.tls`.
    public var usesTLS = false
    /// `cassandra.tls.authorities`, `cassandra.tls.certificate`, `cassandra.tls.key`: paths of PEM files.
    public var (authorities, certificate, certificateKey) = ("", "", "")
    /// `cassandra.tls.verify`.
    public var verifies = true
    /// `cassandra.keyspace.courses`, `cassandra.keyspace.enrolments`.
    public var (courses, enrolmentKeyspace) = ("sunbird_courses", "")
    /// `cassandra.keyspace.hierarchy`, `cassandra.keyspace.platform`.
    public var (hierarchy, platform) = ("dev_hierarchy_store", "sunbird")
    /// `cassandra.enrolments`.
    public var enrolments = "user_enrolments"
    /// `cassandra.reading`.
    public var way = Way.auto
    /// `cassandra.streams`.
    public var streams = 4
    /// `cassandra.temporaryFolder` and `cassandra.temporaryBytes`.
    public var (temporaryFolder, temporaryBytes) = ("", 64 << 30)
    /// `cassandra.consistency`.
    public var consistency = Consistency.localQuorum
    /// `cassandra.connectSeconds`, `cassandra.requestSeconds`.
    public var (connectSeconds, requestSeconds) = (5.0, 12.0)
    /// `cassandra.heartbeatSeconds`, `cassandra.idleSeconds`.
    public var (heartbeatSeconds, idleSeconds) = (2, 6)
    /// `cassandra.threads`, `cassandra.connections`.
    public var (threads, connections) = (2, 2)
    /// `cassandra.inFlight`.
    public var requestsInFlight = 512
    /// `cassandra.attempts`.
    public var attempts = 6

    /// All defaults.
    public init() {}

    /// The names of keyspaces and tables that are set, by setting.
    var names: [(String, String)] {
        [
            ("cassandra.keyspace.courses", courses), ("cassandra.keyspace.hierarchy", hierarchy),
            ("cassandra.keyspace.platform", platform), ("cassandra.enrolments", enrolments),
        ] + (enrolmentKeyspace.isEmpty ? [] : [("cassandra.keyspace.enrolments", enrolmentKeyspace)])
    }

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Cassandra")
        try reader.list(
            &contactPoints, "cassandra.contactPoints", aliases: ["spark.cassandra.connection.host"],
            "Names or addresses of some nodes; the others are found through them.")
        try reader.whole(&port, "cassandra.port", 1...65_535, "", "Port of the nodes.")
        try reader.text(
            &localDataCentre, "cassandra.localDataCentre",
            "Data centre that is asked; empty takes that of the first contact point.")
        try reader.text(
            &user, "cassandra.user", "User; needs to read the tables and system_schema. Empty asks without.")
        try reader.text(&password, "cassandra.password", isSecret: true, "Password of the user.")
        try reader.list(
            &driver, "cassandra.driver",
            "Libraries of the Cassandra C/C++ driver to try; empty tries those of DataStax and ScyllaDB by name.")
        try readTLS(&reader)
        try readTables(&reader)
        try readLimits(&reader)
    }

    private mutating func readTLS(_ reader: inout SettingsReader) throws {
        try reader.flag(&usesTLS, "cassandra.tls", "Whether connections are TLS.")
        try reader.text(
            &authorities, "cassandra.tls.authorities", "PEM file of the authorities that sign the nodes' certificates.")
        try reader.text(&certificate, "cassandra.tls.certificate", "PEM file of the client's own certificate.")
        try reader.text(&certificateKey, "cassandra.tls.key", "PEM file of the client certificate's key.")
        try reader.flag(
            &verifies, "cassandra.tls.verify",
            "Whether the nodes' certificates are checked; off, anybody can pose as the cluster.")
    }

    private mutating func readTables(_ reader: inout SettingsReader) throws {
        try reader.text(
            &courses, "cassandra.keyspace.courses", aliases: ["sunbird.courses.keyspace"],
            "Keyspace of batches, enrolments, aggregates and attempts.")
        try reader.text(
            &enrolmentKeyspace, "cassandra.keyspace.enrolments", aliases: ["sunbird.user.report.keyspace"],
            "Keyspace of the enrolments; empty is that of the courses.")
        try reader.text(
            &hierarchy, "cassandra.keyspace.hierarchy", aliases: ["sunbird.content.hierarchy.keyspace"],
            "Keyspace of the trees, such as prod_hierarchy_store.")
        try reader.text(
            &platform, "cassandra.keyspace.platform", aliases: ["sunbird.user.keyspace"],
            "Keyspace of consent, settings, preferences and organisations.")
        try reader.text(
            &enrolments, "cassandra.enrolments",
            "Table of the enrolments: user_enrolments, or report_user_enrolments, which is read sooner and filled nightly."
        )
        try reader.choice(
            &way, "cassandra.reading",
            "Whether aggregates and attempts are asked for by learner, or their tables scanned; auto goes by estimates."
        )
        try reader.whole(
            &streams, "cassandra.streams", 1...64, "streams", "Stretches of a table that are read at once.")
        try reader.text(
            &temporaryFolder, "cassandra.temporaryFolder",
            "Folder for what is sorted on disk, sealed; empty is the data folder.")
        try reader.size(
            &temporaryBytes, "cassandra.temporaryBytes", (1 << 20)...(1 << 50), "Bytes there at most, of one run.")
    }

    private mutating func readLimits(_ reader: inout SettingsReader) throws {
        try reader.choice(&consistency, "cassandra.consistency", "How much of the replicas a read asks.")
        try reader.seconds(&connectSeconds, "cassandra.connectSeconds", 0.1...300, "How long connecting may take.")
        try reader.seconds(&requestSeconds, "cassandra.requestSeconds", 0.1...300, "How long one page may take.")
        try reader.whole(
            &heartbeatSeconds, "cassandra.heartbeatSeconds", 1...300, "seconds", "How often idle connections are tried."
        )
        try reader.whole(
            &idleSeconds, "cassandra.idleSeconds", 2...600, "seconds",
            "A connection so long without an answer is dropped.")
        try reader.whole(&threads, "cassandra.threads", 1...64, "threads", "Threads of the driver.")
        try reader.whole(&connections, "cassandra.connections", 1...64, "connections", "Connections to each node.")
        try reader.whole(&requestsInFlight, "cassandra.inFlight", 1...8_192, "requests", "Requests under way at once.")
        try reader.whole(&attempts, "cassandra.attempts", 1...50, "times", "How often one page is asked for in all.")
    }
}
