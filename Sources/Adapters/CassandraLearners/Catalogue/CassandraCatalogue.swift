import CassandraAccess
public import ReportModel
public import ReportPorts

/// Batches, trees and settings in the tables of a deployment; contents are known elsewhere (upstream.md 1.4, 1.8, 1.12).
public struct CassandraCatalogue: CatalogueSource {
    /// Collections of one question for their batches.
    static let collectionsAtOnce = 50
    /// A tree may nest so deep; those of courses have five levels.
    static let treeNesting = 512
    /// Bytes of a tree.
    static let treeBytes = 256 << 20

    let source: CassandraSource
    private let contents: any ContentSource
    private let finder: BatchFinder

    /// Batches and trees of the cluster; `contents` tells what is known of collections and contents.
    public init(_ source: CassandraSource, contents: any ContentSource, clock: any ServiceClock) {
        self.source = source
        self.contents = contents
        finder = BatchFinder(source, clock: clock)
    }

    /// Batches by their ids alone: a scan of `course_batch`, which is remembered, tells their collections.
    public func batches(ids: [String]) async throws -> [BatchRecord] { try await batches(ids: ids, likelyIn: []) }

    /// As `CatalogueSource.batches(ids:likelyIn:)`: only what `collections` do not hold is looked for in the whole table.
    public func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord] {
        // Asked for nothing, it tells whether it could answer (`/ready`).
        if ids.isEmpty {
            try await source.check()
            return []
        }
        let wanted = Set(ids)
        var found = try await batches(ofCollections: collections).filter { wanted.contains($0.key.batch) }
        let missing = wanted.subtracting(found.map(\.key.batch))
        if !missing.isEmpty {
            // The rows are read again, so that names and dates are those of now.
            let keys = Set(try await finder.batches(ids: missing))
            found += try await batches(ofCollections: Set(keys.map(\.collection)).sorted()).filter {
                keys.contains($0.key)
            }
        }
        return found.sorted { $0.key < $1.key }
    }

    /// Sorted by batch id, then collection id.
    public func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        if ids.isEmpty { return [] }
        let opened = try await source.opened()
        let table = source.keyspaces.batches
        let fields = BatchFields(
            try CassandraSource.table(table, in: opened.schema, columns: ["courseid", "batchid"]))
        let query = try await opened.session.prepare(
            "SELECT \(fields.columns.joined(separator: ", ")) FROM \(table) WHERE courseid IN ?", "read batches")
        var records: [BatchRecord] = []
        var rest = Set(ids).sorted()[...]
        while !rest.isEmpty {
            // An empty key is one that nothing has, and that the server refuses.
            let some = rest.prefix(Self.collectionsAtOnce).filter { !$0.isEmpty }.map { Array($0.utf8) }
            try await opened.session.forEachRow(of: query, [.texts(some)], "read batches") {
                records.append(fields.record($0))
            }
            rest = rest.dropFirst(Self.collectionsAtOnce)
        }
        return records.sorted { $0.key < $1.key }
    }

    /// As the other source says.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        try await contents.collections(ids: ids)
    }

    /// As the other source says.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] { try await contents.search(body) }

    /// From `content_hierarchy`; nil without a row, or with an empty one. Throws `dataDamaged` if it is no tree.
    public func tree(of collection: String) async throws -> CollectionTree? {
        if collection.isEmpty { return nil }
        let opened = try await source.opened()
        let table = source.keyspaces.trees
        _ = try CassandraSource.table(table, in: opened.schema, columns: ["identifier", "hierarchy"])
        let query = try await opened.session.prepare(
            "SELECT hierarchy FROM \(table) WHERE identifier = ?", "read a tree")
        var text: [UInt8] = []
        try await opened.session.forEachRow(of: query, [.text(Array(collection.utf8))], "read a tree") { row in
            text = row.bytes(0).map { Array($0) } ?? []
        }
        if text.isEmpty { return nil }
        let json = try JSONValue(
            parsing: text, limits: JSONValue.Limits(nesting: Self.treeNesting, bytes: Self.treeBytes),
            name: "column hierarchy of \(table)")
        return try CollectionTree(json: json, collection: collection)
    }

    /// As the other source says.
    public func titles(of contents: [String]) async throws -> [String: String] {
        try await self.contents.titles(of: contents)
    }

    /// None: trees themselves say what is optional, and the relation cache beside them.
    public func optionalNodes(of collection: String) async throws -> Set<String> { [] }

    /// The value of `system_settings` under the id `custodianOrgId`.
    public func custodianOrganisation() async throws -> String? {
        let opened = try await source.opened()
        let table = source.keyspaces.settings
        _ = try CassandraSource.table(table, in: opened.schema, columns: ["id", "value"])
        let query = try await opened.session.prepare(
            "SELECT value FROM \(table) WHERE id = ?", "read the platform's settings")
        var value = ""
        try await opened.session.forEachRow(
            of: query, [.text(Array("custodianOrgId".utf8))], "read the platform's settings"
        ) { value = $0.text(0) }
        return value.isEmpty ? nil : value
    }
}
