/// How a database is reached and how long anything may take there.
public struct PostgresOptions: Sendable, Hashable {
    /// A libpq connection string (`host=… dbname=…`) or URI; empty leaves everything to `keywords` and to libpq, which
    /// reads its own environment and `~/.pgpass`.
    public var connection = ""
    /// Further libpq keywords such as `host`, `password`, `sslmode` and `sslrootcert`; they count over `connection`.
    public var keywords: [String: String] = [:]
    /// Connections of a pool.
    public var connections = 4
    /// Pieces of work that may wait for a connection; one more is refused.
    public var waiting = 1_024
    /// How long connecting may take, in seconds; libpq knows nothing under 2.
    public var connectSeconds = 5
    /// How long one statement may take, in seconds; the server ends it then.
    public var statementSeconds = 30.0
    /// How long a statement may wait for somebody else's lock, in seconds.
    public var lockSeconds = 5.0
    /// How long work is tried again after the connection was lost, in seconds.
    public var retrySeconds = 10.0

    /// Reaches what `connection` names, with the limits above.
    public init(connection: String = "", keywords: [String: String] = [:]) {
        self.connection = connection
        self.keywords = keywords
    }

    /// How much longer than `statementSeconds` an answer is waited for, in seconds: beyond the server's own limit it is the
    /// server or the way to it that hangs, and the session is given up.
    public var answerSeconds = 5.0

    var answerMilliseconds: Int64 { Int64((statementSeconds + answerSeconds) * 1000) }

    /// In the order in which libpq reads them: the last value of a keyword counts.
    var parameters: [(String, String)] {
        var parameters = [
            ("application_name", "exhaust"), ("connect_timeout", String(max(2, connectSeconds))),
            // A server that vanished without a word is noticed within a minute.
            ("keepalives_idle", "20"), ("keepalives_interval", "5"), ("keepalives_count", "4"),
            ("tcp_user_timeout", "30000"),
        ]
        if !connection.isEmpty { parameters.append(("dbname", connection)) }
        parameters += keywords.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return parameters + [("client_encoding", "UTF8")]
    }

    /// What each new session is told: times mean UTC, and nothing takes for ever. Short statements gain nothing by being
    /// compiled, which servers since PostgreSQL 11 do where they expect many rows.
    var sessionScript: String {
        """
        SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET standard_conforming_strings = on;
        SET client_min_messages = warning; SELECT set_config('jit', 'off', false) FROM pg_settings WHERE name = 'jit';
        SET statement_timeout = \(Int(statementSeconds * 1000)); SET lock_timeout = \(Int(lockSeconds * 1000));
        SET idle_in_transaction_session_timeout = \(answerMilliseconds)
        """
    }
}
