import ReportModel

extension ComposedCatalogue {
    /// `base` with contents and optional nodes from other sources; it stays able to be looked through, and to tell
    /// consumers, if it is. Else names are found where `contents` can find them.
    public static func make(
        _ base: any CatalogueSource, contents: (any ContentSource)?, optional: (any OptionalNodeSource)?
    ) -> any CatalogueSource {
        let composed = ComposedCatalogue(base, contents: contents, optional: optional)
        if let able = base as? any CatalogueBrowsing & ConsumerTable {
            return ComposedEmbeddedCatalogue(composed: composed, base: able)
        }
        guard let names = contents as? any ContentNaming else { return composed }
        return FindingCatalogue(base: composed, names: names)
    }
}

/// As `ComposedCatalogue`, over a store that can do more.
struct ComposedEmbeddedCatalogue: CatalogueSource, CatalogueBrowsing, ConsumerTable {
    let composed: ComposedCatalogue
    let base: any CatalogueBrowsing & ConsumerTable

    func batches(ids: [String]) async throws -> [BatchRecord] { try await composed.batches(ids: ids) }

    func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord] {
        try await composed.batches(ids: ids, likelyIn: collections)
    }

    func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await composed.batches(ofCollections: ids)
    }

    func collections(ids: [String]) async throws -> [CollectionRecord] { try await composed.collections(ids: ids) }

    func search(_ body: JSONValue) async throws -> [CollectionRecord] { try await composed.search(body) }

    func tree(of collection: String) async throws -> CollectionTree? { try await composed.tree(of: collection) }

    func titles(of contents: [String]) async throws -> [String: String] { try await composed.titles(of: contents) }

    func optionalNodes(of collection: String) async throws -> Set<String> {
        try await composed.optionalNodes(of: collection)
    }

    func custodianOrganisation() async throws -> String? { try await composed.custodianOrganisation() }

    func collections(_ query: CollectionQuery) async throws -> [CollectionRecord] { try await base.collections(query) }

    func enrolmentCounts(of batches: [BatchKey]) async throws -> [BatchKey: EnrolmentCount] {
        try await base.enrolmentCounts(of: batches)
    }

    func allowedConsumers() async throws -> [ConsumerChannel] { try await base.allowedConsumers() }
}
