import ReportModel

/// One step of a schema, forward and back.
public struct Migration: Sendable {
    /// What it does, in a few words.
    public let name: String
    /// Statements that lead from the version before to this one.
    public let forward: String
    /// Statements that lead back.
    public let back: String
    /// What SQL alone cannot do, after `forward` and in its transaction.
    public let fill: @Sendable (Database) throws -> Void

    /// A step; its version is its place in `Schema.migrations`, counted from 1.
    public init(
        name: String, forward: String, back: String, fill: @escaping @Sendable (Database) throws -> Void = { _ in }
    ) {
        self.name = name
        self.forward = forward
        self.back = back
        self.fill = fill
    }
}

/// What a kind of store looks like, in all its versions. The version is kept in `PRAGMA user_version`, the kind in
/// `PRAGMA application_id`.
public struct Schema: Sendable {
    /// What the store is called in messages, such as `learner store`.
    public let name: String
    /// Tells this kind of store from others; never changes.
    public let applicationID: Int32
    /// The steps from an empty file on.
    public let migrations: [Migration]

    /// A kind of store.
    public init(name: String, applicationID: Int32, migrations: [Migration]) {
        self.name = name
        self.applicationID = applicationID
        self.migrations = migrations
    }

    /// The version that this program writes.
    public var latestVersion: Int { migrations.count }

    /// The version of an open store; 0 is an empty file.
    /// Throws `dataDamaged` for a database of another kind, `newerVersion` for one that this program does not know.
    public func version(of database: Database) throws -> Int {
        // As of one moment, since another process may be at bringing it up.
        if !database.isInTransaction { return try database.transaction(.deferred) { try self.version(of: database) } }
        let version = Int(try database.integer("PRAGMA user_version") ?? 0)
        let identity = try database.integer("PRAGMA application_id") ?? 0
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
        if isEmpty, version == 0 { return 0 }
        guard identity == Int64(applicationID) else {
            throw ExhaustError(
                .dataDamaged, "\(name) \(database.path): it is a database of another kind",
                remedy: "Name the right data folder.", mender: .operator)
        }
        guard version <= latestVersion else {
            throw ExhaustError(
                .newerVersion,
                "\(name) \(database.path): it was written by a newer version (schema \(version), known \(latestVersion))",
                remedy: "Use that version of exhaust, or restore a backup made before the upgrade.")
        }
        return version
    }

    /// Throws what `version(of:)` throws, and `unavailable` if the store has to be brought to the latest version first.
    public func requireLatest(_ database: Database) throws {
        let version = try version(of: database)
        guard version == latestVersion else {
            throw ExhaustError(
                .unavailable, "\(name) \(database.path): it has schema \(version) and needs \(latestVersion)",
                remedy: "Open it once with write access.")
        }
    }

    /// Brings a store to `target`, the latest version by default, in one transaction; several processes may do so at once.
    /// Answers the version that it had.
    @discardableResult
    public func migrate(_ database: Database, to target: Int? = nil) throws -> Int {
        let target = target ?? latestVersion
        guard (0...latestVersion).contains(target) else {
            throw ExhaustError(.internalFault, "\(name): there is no schema \(target)")
        }
        let found = try version(of: database)
        if found == target { return found }
        return try database.transaction(.immediate) {
            // Another process may have been first.
            var version = try version(of: database)
            let before = version
            while version != target {
                let forward = version < target
                try database.execute(forward ? migrations[version].forward : migrations[version - 1].back)
                if forward { try migrations[version].fill(database) }
                version += forward ? 1 : -1
            }
            try database.execute("PRAGMA user_version=\(version)")
            try database.execute("PRAGMA application_id=\(version == 0 ? 0 : applicationID)")
            return before
        }
    }
}
