/// The deployment's PostgreSQL; names are upstream's where it has them (upstream.md 8.1).
public struct PostgresSettings: Sendable {
    /// `postgres.sslmode`, as libpq means it.
    public enum TLS: String, Sendable, Hashable, CaseIterable {
        case disable, allow, prefer, require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    /// `postgres.connection`: any libpq connection string or URI, under the other settings.
    public var connection = ""
    /// `postgres.host`.
    public var host = ""
    /// `postgres.port`; 0 leaves it to libpq.
    public var port = 0
    /// `postgres.db`.
    public var database = ""
    /// `postgres.user`.
    public var user = ""
    /// `postgres.pass`.
    public var password = ""
    /// `postgres.sslmode`.
    public var tls = TLS.prefer
    /// `postgres.sslrootcert`, `postgres.sslcert`, `postgres.sslkey`: paths of PEM files.
    public var (rootCertificate, certificate, certificateKey) = ("", "", "")
    /// `postgres.schema`.
    public var schema = "public"
    /// `postgres.table.job_request`.
    public var requestTable = "job_request"
    /// `postgres.connections`.
    public var connections = 4
    /// `postgres.connectSeconds`.
    public var connectSeconds = 5.0
    /// `postgres.statementSeconds`.
    public var statementSeconds = 30.0
    /// `postgres.lockSeconds`.
    public var lockSeconds = 5.0
    /// `postgres.retrySeconds`.
    public var retrySeconds = 10.0
    /// `postgres.pollSeconds`.
    public var pollSeconds = 5.0

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("PostgreSQL")
        try reader.text(
            &connection, "postgres.connection", isSecret: true,
            "libpq connection string or URI, for what the other settings do not say.")
        try reader.text(&host, "postgres.host", "Server; empty leaves it to libpq (PGHOST, local socket).")
        try reader.whole(&port, "postgres.port", 0...65_535, "", "Port; 0 leaves it to libpq.")
        try reader.text(&database, "postgres.db", "Database, such as analytics.")
        try reader.text(&user, "postgres.user", "User; needs to read and write the job table.")
        try reader.text(
            &password, "postgres.pass", aliases: ["postgres.password"], isSecret: true, "Password of the user.")
        try reader.choice(
            &tls, "postgres.sslmode",
            "Whether the connection is encrypted (from require on) and the server checked (verify-full).")
        try reader.text(&rootCertificate, "postgres.sslrootcert", "PEM file of the authorities that sign the server.")
        try reader.text(&certificate, "postgres.sslcert", "PEM file of the client's own certificate.")
        try reader.text(&certificateKey, "postgres.sslkey", "PEM file of the client certificate's key.")
        try readTables(&reader)
        try readLimits(&reader)
    }

    private mutating func readTables(_ reader: inout SettingsReader) throws {
        try reader.text(&schema, "postgres.schema", "Schema of the tables.")
        try reader.text(
            &requestTable, "postgres.table.job_request",
            "The job table, such as prod_job_request; ours stand beside it.")
    }

    private mutating func readLimits(_ reader: inout SettingsReader) throws {
        try reader.whole(
            &connections, "postgres.connections", 1...200, "connections",
            "Connections of one process; a worker adds one.")
        try reader.seconds(&connectSeconds, "postgres.connectSeconds", 2...300, "How long connecting may take.")
        try reader.seconds(&statementSeconds, "postgres.statementSeconds", 1...3_600, "How long a statement may take.")
        try reader.seconds(
            &lockSeconds, "postgres.lockSeconds", 0.1...3_600, "How long another program's lock is waited for.")
        try reader.seconds(
            &retrySeconds, "postgres.retrySeconds", 0...3_600,
            "How long work is tried again while the database does not answer.")
        try reader.seconds(
            &pollSeconds, "postgres.pollSeconds", 0.1...3_600,
            "How often workers look for requests of which no notice came.")
    }

    /// The keywords of libpq that are set. `prefer` is libpq's own default, and leaves the word to `connection`.
    public var keywords: [String: String] {
        let all = [
            "host": host, "port": port == 0 ? "" : String(port), "dbname": database, "user": user,
            "password": password, "sslmode": tls == .prefer ? "" : tls.rawValue, "sslrootcert": rootCertificate,
            "sslcert": certificate, "sslkey": certificateKey,
        ]
        return all.filter { !$0.value.isEmpty }
    }
}
