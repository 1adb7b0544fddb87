public import ReportModel
public import ReportPorts
import Synchronization

/// Learner data, batches and policies in memory, which a test can change between two runs. A run keeps the data that it
/// opened, with its titles and trees if the data has versions.
public final class ChangingData: LearnerStore, CatalogueSource, CatalogueBrowsing, PolicySource {
    private struct State {
        var tables: ImportTables
        var version: Int?
        var time: Timestamp?
        var optionalNodes: [String: Set<String>] = [:]
    }

    private let state: Mutex<State>

    /// Data of version 1, as of the moment `time`. Without versions, runs read it while it changes.
    public init(_ tables: ImportTables, time: Timestamp?, hasVersions: Bool = true) {
        state = Mutex(State(tables: tables, version: hasVersions ? 1 : nil, time: time))
    }

    /// Changes rows; the data has another version afterwards if it has versions.
    public func change(_ body: (inout ImportTables) -> Void) {
        state.withLock { state in
            body(&state.tables)
            state.version = state.version.map { $0 + 1 }
        }
    }

    /// What the relation cache says.
    public func setOptionalNodes(_ nodes: Set<String>, of collection: String) {
        state.withLock { $0.optionalNodes[collection] = nodes }
    }

    private var catalogue: MemoryCatalogue {
        let (tables, optionalNodes) = state.withLock { ($0.tables, $0.optionalNodes) }
        var catalogue = MemoryCatalogue(tables)
        catalogue.optionalNodesByCollection = optionalNodes
        return catalogue
    }

    /// As `LearnerStore.open`.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        let (tables, version, time) = state.withLock { ($0.tables, $0.version, $0.time) }
        var sources = try await MemoryLearners(tables, dataVersion: version.map { "version \($0)" }, dataTime: time)
            .open(for: batches, needs: needs)
        // A store without versions shows everything as it is when it is asked for.
        sources.catalogue = version == nil ? nil : catalogue
        return sources
    }

    /// As `CatalogueSource` says.
    public func batches(ids: [String]) async throws -> [BatchRecord] { try await catalogue.batches(ids: ids) }

    /// As `CatalogueSource` says.
    public func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await catalogue.batches(ofCollections: ids)
    }

    /// As `CatalogueSource` says.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        try await catalogue.collections(ids: ids)
    }

    /// As `CatalogueSource` says.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] { try await catalogue.search(body) }

    /// As `CatalogueSource` says.
    public func tree(of collection: String) async throws -> CollectionTree? {
        try await catalogue.tree(of: collection)
    }

    /// As `CatalogueSource` says.
    public func titles(of contents: [String]) async throws -> [String: String] {
        try await catalogue.titles(of: contents)
    }

    /// As `CatalogueSource` says.
    public func optionalNodes(of collection: String) async throws -> Set<String> {
        try await catalogue.optionalNodes(of: collection)
    }

    /// As `CatalogueSource` says.
    public func custodianOrganisation() async throws -> String? { try await catalogue.custodianOrganisation() }

    /// As `CatalogueBrowsing` says.
    public func collections(_ query: CollectionQuery) async throws -> [CollectionRecord] {
        try await catalogue.collections(query)
    }

    /// As `CatalogueBrowsing` says.
    public func enrolmentCounts(of batches: [BatchKey]) async throws -> [BatchKey: EnrolmentCount] {
        try await catalogue.enrolmentCounts(of: batches)
    }

    /// As `PolicySource` says.
    public func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        try await catalogue.level(of: organisation, report: report)
    }

    /// As `PolicySource` says.
    public func publicKey(of organisation: String) async throws -> [UInt8]? {
        try await catalogue.publicKey(of: organisation)
    }
}
