import BlockingWork
import Glibc
public import ReportModel
public import ReportPorts
import SQLiteAccess

/// Batches, collections and policies in `learners.db`, always as the last import left them.
public actor SQLiteCatalogue {
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

extension SQLiteCatalogue: CatalogueSource {
    /// Sorted by batch id, then collection id.
    public func batches(ids: [String]) async throws -> [BatchRecord] {
        try await read { try $0.batches(where: "batchid", ids) }
    }

    /// Sorted by batch id, then collection id.
    public func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await read { try $0.batches(where: "courseid", ids) }
    }

    /// In the order of `ids`.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        let statuses: Set<String> = ["Live", "Unlisted", "Retired"]
        return try await read { database in
            try database.contents(ids).compactMap(CollectionRecord.init(content:)).filter {
                statuses.contains($0.status)
            }
        }
    }

    /// All hits at once, by `ContentSearch`. Throws `invalidInput` for a search that this store cannot answer.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] {
        let search = try ContentSearch(body: body)
        return try await read { database in
            var hits: [JSONValue] = []
            if let identifiers = search.identifiers {
                hits = try database.contents(identifiers).filter(search.matches)
            } else {
                try database.forEachContent { if search.matches($0) { hits.append($0) } }
            }
            return search.arranged(hits).compactMap(CollectionRecord.init(content:))
        }
    }

    /// From `content_hierarchy`.
    public func tree(of collection: String) async throws -> CollectionTree? {
        try await read { try $0.tree(of: collection) }
    }

    /// From `content`.
    public func titles(of contents: [String]) async throws -> [String: String] {
        try await read { try $0.titles(of: contents) }
    }

    /// None: the embedded store has no relation cache, trees themselves say what is optional.
    public func optionalNodes(of collection: String) async throws -> Set<String> { [] }

    /// The value of `system_settings` under the id `custodianOrgId`.
    public func custodianOrganisation() async throws -> String? {
        try await read { database in
            let value = try database.text("SELECT value FROM system_settings WHERE id = 'custodianOrgId'")
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
