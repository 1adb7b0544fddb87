import ReportModel
import ReportPorts
import SQLiteAccess

/// The catalogue by whatever connections there are: those to the newest data, or those of a run to the data that it opened.
protocol CatalogueReading: CatalogueSource, CatalogueBrowsing {
    /// Reads from the store.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result
}

extension CatalogueReading {
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

    /// As `CatalogueBrowsing` says; only names are looked at until it is known which collections are meant.
    public func collections(_ query: CollectionQuery) async throws -> [CollectionRecord] {
        try await read { database in
            try database.contents(try database.collections(query)).compactMap(CollectionRecord.init(content:))
        }
    }

    /// As the last import counted them.
    public func enrolmentCounts(of batches: [BatchKey]) async throws -> [BatchKey: EnrolmentCount] {
        try await read { try $0.enrolmentCounts(of: batches) }
    }
}
