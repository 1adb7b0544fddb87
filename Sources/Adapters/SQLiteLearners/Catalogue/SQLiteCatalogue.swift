import BlockingWork
import Glibc
import ReportModel
public import ReportPorts
import SQLiteAccess

/// Batches, collections and policies in `learners.db`, always as the last import left them.
public actor SQLiteCatalogue: CatalogueSource, CatalogueBrowsing {
    /// Which file a connection has open. While it is open, no other file can get its number.
    private struct Identity: Equatable {
        var device: UInt
        var inode: UInt
    }

    let path: String
    private let limits: LearnerStoreLimits
    private var current: (identity: Identity, connections: StoreConnections)?

    /// The catalogue in the store at path `path`, which an `Importer` made.
    public init(path: String, limits: LearnerStoreLimits = LearnerStoreLimits(connections: 1, cacheBytes: 1 << 20)) {
        self.path = path
        self.limits = limits
    }

    /// What the store says of its data. Throws `notFound` if nothing was imported yet.
    public func facts() async throws -> StoreFacts { try await connections().facts }

    /// Reads from the store; opens it again if an import has replaced it.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        // The queue lives until its last reader has done, also when another takes its place meanwhile.
        try await connections().queue.run(body)
    }

    private func connections() async throws -> StoreConnections {
        let identity = identity()
        if let current, let identity, current.identity == identity { return current.connections }
        let opened = try await StoreConnections.open(path: path, limits: limits)
        // Should an import have come in between, the next call opens once more.
        if let identity { current = (identity, opened) }
        return opened
    }

    private func identity() -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: status.st_dev, inode: status.st_ino)
    }
}

extension SQLiteCatalogue: CatalogueReading {}
