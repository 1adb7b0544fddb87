import PostgresAccess
import ReportModel
public import ReportPorts

extension PostgresAuditStore: SessionStore {
    /// As `SessionStore.begin`.
    public func begin(_ session: SessionRecord) async throws {
        let (table, now) = (tables.session, now)
        try await pool.run { connection in
            try connection.transaction {
                // Two sign-ins of one user at once would each leave room for one, and both come in.
                connection.later("LOCK TABLE \(table) IN SHARE ROW EXCLUSIVE MODE")
                connection.later(Self.sweep(table), [now])
                let count = try connection.query("SELECT count(*) FROM \(table)").integer(0, 0) ?? 0
                guard count < SessionLimits.all else {
                    throw ExhaustError(
                        .limitExceeded, "sessions: \(SessionLimits.all) people are signed in already",
                        remedy: "Try again later.", mender: .operator)
                }
                // The ones that last longest stay, one fewer than may be.
                connection.later(
                    """
                    DELETE FROM \(table) WHERE userid = $1::text AND cookie_hash NOT IN (
                        SELECT cookie_hash FROM \(table) WHERE userid = $1::text
                        ORDER BY ends_at DESC, cookie_hash COLLATE "C" LIMIT $2::bigint)
                    """, [.text(session.userID), .integer(Int64(SessionLimits.perUser - 1))])
                try connection.query(
                    """
                    INSERT INTO \(table) VALUES ($1::text, $2::text, $3::text, $4::text[], $5::bigint)
                    ON CONFLICT (cookie_hash) DO NOTHING
                    """,
                    [
                        .text(session.cookieHash), .text(session.userID), .text(session.channel),
                        .texts(session.roles.sorted()), .integer(session.endsAt.milliseconds),
                    ])
            }
        }
    }

    /// As `SessionStore.session`.
    public func session(_ cookieHash: String) async throws -> SessionRecord? {
        let select = """
            SELECT userid, channel, to_json(roles), ends_at FROM \(tables.session)
            WHERE cookie_hash = $1::text AND ends_at > \(Self.moment(2))
            """
        let values: [PostgresValue] = [.text(cookieHash), now]
        return try await pool.run { connection in
            let rows = try connection.query(select, values)
            guard rows.count > 0 else { return nil }
            let roles = try JSONValue(parsing: rows.text(0, 2) ?? "[]", name: "column roles of the sessions")
            return SessionRecord(
                cookieHash: cookieHash, userID: rows.text(0, 0) ?? "", channel: rows.text(0, 1) ?? "",
                roles: Set(roles.elements?.compactMap(\.text) ?? []),
                endsAt: Timestamp(milliseconds: rows.integer(0, 3) ?? 0))
        }
    }

    /// As `SessionStore.end`.
    public func end(_ cookieHash: String) async throws {
        let delete = "DELETE FROM \(tables.session) WHERE cookie_hash = $1::text"
        try await pool.run { _ = try $0.query(delete, [.text(cookieHash)]) }
    }

    /// As `SessionStore.sweepSessions`.
    public func sweepSessions() async throws -> Int {
        let (table, now) = (tables.session, now)
        return try await pool.run { try $0.query(Self.sweep(table), [now]).written }
    }

    private static func sweep(_ table: String) -> String { "DELETE FROM \(table) WHERE ends_at <= \(moment(1))" }
}
