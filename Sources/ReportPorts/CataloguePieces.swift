public import ReportModel

/// Which nodes of a collection are optional, apart from what its tree says.
public protocol OptionalNodeSource: Sendable {
    /// Identifiers that are optional in `collection`; empty if nothing is known of it.
    func optionalNodes(of collection: String) async throws -> Set<String>
}

/// What is known of contents and collections, apart from batches and trees.
public protocol ContentSource: Sendable {
    /// As `CatalogueSource.collections`.
    func collections(ids: [String]) async throws -> [CollectionRecord]

    /// As `CatalogueSource.search`.
    func search(_ body: JSONValue) async throws -> [CollectionRecord]

    /// As `CatalogueSource.titles`.
    func titles(of contents: [String]) async throws -> [String: String]
}

/// The contents of a catalogue that knows batches too, for one that does not know contents.
public struct CatalogueContents: ContentSource {
    private let catalogue: any CatalogueSource

    /// The contents of `catalogue`.
    public init(_ catalogue: any CatalogueSource) { self.catalogue = catalogue }

    /// As `CatalogueSource.collections`.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        try await catalogue.collections(ids: ids)
    }

    /// As `CatalogueSource.search`.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] { try await catalogue.search(body) }

    /// As `CatalogueSource.titles`.
    public func titles(of contents: [String]) async throws -> [String: String] {
        try await catalogue.titles(of: contents)
    }
}

/// A catalogue of which some questions are answered elsewhere.
public struct ComposedCatalogue: CatalogueSource {
    private let base: any CatalogueSource
    private let contents: (any ContentSource)?
    private let optional: (any OptionalNodeSource)?

    /// `base`, with contents and optional nodes from other sources where they are given.
    public init(_ base: any CatalogueSource, contents: (any ContentSource)?, optional: (any OptionalNodeSource)?) {
        self.base = base
        self.contents = contents
        self.optional = optional
    }

    /// As `CatalogueSource.batches(ids:)`.
    public func batches(ids: [String]) async throws -> [BatchRecord] { try await base.batches(ids: ids) }

    /// As `CatalogueSource.batches(ids:likelyIn:)`.
    public func batches(ids: [String], likelyIn collections: [String]) async throws -> [BatchRecord] {
        try await base.batches(ids: ids, likelyIn: collections)
    }

    /// As `CatalogueSource.batches(ofCollections:)`.
    public func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await base.batches(ofCollections: ids)
    }

    /// As `CatalogueSource.collections`.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        if let contents { return try await contents.collections(ids: ids) }
        return try await base.collections(ids: ids)
    }

    /// As `CatalogueSource.search`.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] {
        if let contents { return try await contents.search(body) }
        return try await base.search(body)
    }

    /// As `CatalogueSource.tree`.
    public func tree(of collection: String) async throws -> CollectionTree? { try await base.tree(of: collection) }

    /// As `CatalogueSource.titles`.
    public func titles(of identifiers: [String]) async throws -> [String: String] {
        if let contents { return try await contents.titles(of: identifiers) }
        return try await base.titles(of: identifiers)
    }

    /// As `CatalogueSource.optionalNodes`: the union, since either may know more.
    public func optionalNodes(of collection: String) async throws -> Set<String> {
        guard let optional else { return try await base.optionalNodes(of: collection) }
        return try await optional.optionalNodes(of: collection).union(try await base.optionalNodes(of: collection))
    }

    /// As `CatalogueSource.custodianOrganisation`.
    public func custodianOrganisation() async throws -> String? { try await base.custodianOrganisation() }
}

/// A learner store whose runs see a composed catalogue too.
public struct ComposedLearnerStore: LearnerStore {
    private let base: any LearnerStore
    private let compose: @Sendable (any CatalogueSource) -> any CatalogueSource

    /// `base`, each run's catalogue changed by `compose`.
    public init(
        _ base: any LearnerStore, composing compose: @escaping @Sendable (any CatalogueSource) -> any CatalogueSource
    ) {
        self.base = base
        self.compose = compose
    }

    /// As `LearnerStore.open`.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        var sources = try await base.open(for: batches, needs: needs, meter: meter)
        sources.catalogue = sources.catalogue.map(compose)
        return sources
    }
}
