import BlockingWork
import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteAuditStore: SessionStore {
    /// As `SessionStore.begin`.
    public func begin(_ session: SessionRecord) async throws {
        let roles = JSONValue.array(session.roles.sorted().map(JSONValue.string)).compactText
        try await write { [clock] database in
            try Self.sweep(database, at: clock())
            let crowded = try database.integer("SELECT count(*) FROM session") ?? 0 >= SessionLimits.all
            guard !crowded else {
                throw ExhaustError(
                    .unavailable, "sessions: \(SessionLimits.all) people are signed in already",
                    remedy: "Try again later.", mender: .operator)
            }
            // The ones that last longest stay, one fewer than may be.
            let room = "SELECT cookie_hash FROM session WHERE userid = ?1 ORDER BY ends_at DESC, cookie_hash LIMIT ?2"
            try database.with("DELETE FROM session WHERE userid = ?1 AND cookie_hash NOT IN (\(room))") { statement in
                try statement.bind(1, session.userID)
                try statement.bind(2, SessionLimits.perUser - 1)
                try statement.run()
            }
            try database.with("INSERT INTO session VALUES (?,?,?,?,?)") { row in
                try row.bind(1, session.cookieHash)
                try row.bind(2, session.userID)
                try row.bind(3, session.channel)
                try row.bind(4, roles)
                try row.bind(5, session.endsAt.milliseconds)
                try row.run()
            }
        }
    }

    /// As `SessionStore.session`.
    public func session(_ cookieHash: String) async throws -> SessionRecord? {
        try await readers.run { [clock] database in
            let sql = "SELECT userid, channel, roles, ends_at FROM session WHERE cookie_hash = ?1 AND ends_at > ?2"
            return try database.with(sql) { row in
                try row.bind(1, cookieHash)
                try row.bind(2, clock().milliseconds)
                guard try row.step() else { return nil }
                let roles = try JSONValue(parsing: row.text(2) ?? "", name: "column roles of session")
                return SessionRecord(
                    cookieHash: cookieHash, userID: row.text(0) ?? "", channel: row.text(1) ?? "",
                    roles: Set(roles.elements?.compactMap(\.text) ?? []),
                    endsAt: Timestamp(milliseconds: row.integer(3)))
            }
        }
    }

    /// As `SessionStore.end`.
    public func end(_ cookieHash: String) async throws {
        try await write { database in
            try database.with("DELETE FROM session WHERE cookie_hash = ?1") { statement in
                try statement.bind(1, cookieHash)
                try statement.run()
            }
        }
    }

    /// As `SessionStore.sweepSessions`.
    public func sweepSessions() async throws -> Int {
        try await write { [clock] database in try Self.sweep(database, at: clock()) }
    }

    @discardableResult
    private static func sweep(_ database: Database, at now: Timestamp) throws -> Int {
        try database.with("DELETE FROM session WHERE ends_at <= ?1") { statement in
            try statement.bind(1, now.milliseconds)
            try statement.run()
        }
        return database.changes
    }
}
