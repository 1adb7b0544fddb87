public import ReportModel

/// Contents that a service finds by words of their names.
public protocol ContentNaming: Sendable {
    /// One page of the collections of status Live, Unlisted or Retired that the service thinks are meant by `text`, best
    /// first; fewer than `limit` are the last. Any of them may have no batch, or other words in its name.
    func collections(like text: String, offset: Int, limit: Int) async throws -> [CollectionRecord]
}

/// A catalogue that knows batches, but names of collections only from a service that is searched.
struct FindingCatalogue: CatalogueSource, CollectionFinding {
    /// Hits that are looked at for one question.
    static let hitLimit = 500
    /// Hits of a page, whose batches are asked for at once.
    static let pageLength = 100

    let base: any CatalogueSource
    let names: any ContentNaming

    func collections(_ query: CollectionQuery) async throws -> [CollectionRecord] {
        var found: [CollectionRecord] = []
        var offset = 0
        while offset < Self.hitLimit, found.count < query.limit {
            let hits = try await names.collections(like: query.text, offset: offset, limit: Self.pageLength)
            let named = hits.filter { query.matches(name: $0.name, identifier: $0.identifier) }
            let batches = try await base.batches(ofCollections: named.map(\.identifier)).filter { batch in
                query.member.map { $0 == batch.createdBy || batch.mentors.contains($0) } ?? true
            }
            let withBatch = Set(batches.map(\.key.collection))
            found += named.filter { withBatch.contains($0.identifier) }
            offset += hits.count
            if hits.count < Self.pageLength { break }
        }
        return query.sorted(found)
    }

    func batches(ids: [String]) async throws -> [BatchRecord] { try await base.batches(ids: ids) }

    func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord] {
        try await base.batches(ids: ids, likelyIn: collections)
    }

    func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await base.batches(ofCollections: ids)
    }

    func collections(ids: [String]) async throws -> [CollectionRecord] { try await base.collections(ids: ids) }

    func search(_ body: JSONValue) async throws -> [CollectionRecord] { try await base.search(body) }

    func tree(of collection: String) async throws -> CollectionTree? { try await base.tree(of: collection) }

    func titles(of contents: [String]) async throws -> [String: String] { try await base.titles(of: contents) }

    func optionalNodes(of collection: String) async throws -> Set<String> {
        try await base.optionalNodes(of: collection)
    }

    func custodianOrganisation() async throws -> String? { try await base.custodianOrganisation() }
}
