public import BlockingWork

/// Connections to one database file, each on a thread of its own.
public typealias ConnectionQueue = BlockingPool<Database>

extension BlockingPool where Resource == Database {
    /// Opens the file at `path` once a thread. `prepare` runs on each new connection, for example to bring the schema
    /// to the latest version; what it throws is thrown from here.
    public static func open(
        path: String, options: DatabaseOptions = DatabaseOptions(), limits: Limits = Limits(),
        prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
    ) async throws -> ConnectionQueue {
        try await ConnectionQueue(name: "database \(path)", limits: limits) {
            let database = try Database(path: path, options: options)
            try prepare(database)
            return database
        }
    }
}
