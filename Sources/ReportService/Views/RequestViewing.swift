import ReportModel
public import ReportPorts
public import ReportRows

/// Gathers what people are shown of requests: names of batches and collections, place in line, pace.
public struct RequestViewing: Sendable {
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry
    private let paces: PaceBook
    private let line: LineBook

    /// Waiting requests of one list whose place is told; of those further down it changes nothing to know it.
    public static let placeLimit = 25

    /// The use case on these ports; `paces` remembers how fast runs were.
    public init(ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry, paces: PaceBook) {
        self.ports = ports
        self.settings = settings
        self.registry = registry
        self.paces = paces
        line = LineBook(jobs: ports.jobs, clock: ports.sources.clock)
    }

    /// The document of one request.
    public func document(of stored: StoredRequest) async throws -> RequestDocument {
        try await documents(of: [stored])[0]
    }

    /// The documents of several requests, in their order, with one look into the catalogue for all of them.
    public func documents(of all: [StoredRequest]) async throws -> [RequestDocument] {
        let named = all.map(Self.batches)
        let known = try await ports.sources.catalogue.batches(of: all)
        let names = try await titles(of: Set(known.values.joined().map(\.key.collection)))
        let now = ports.clock.now()
        var places = 0
        var documents: [RequestDocument] = []
        for (stored, named) in zip(all, named) {
            let report = registry.reports.first { $0.id == stored.request.reportID }
            var place: Int?
            if stored.request.status == .submitted || stored.run?.willRetry == true, places < Self.placeLimit {
                places += 1
                place = try await line.place(of: stored.request.key)
            }
            documents.append(
                RequestDocument(
                    stored: stored, reportTitle: report?.title ?? stored.request.reportID,
                    layout: report.map { layout(of: stored, $0) }, batches: Self.batches(named, known, names),
                    placeInLine: place,
                    pace: paces.pace(of: stored.request, run: stored.run, batchCount: Self.batchCount(stored), at: now))
            )
        }
        return documents
    }

    /// The batches that a request names, or that are known to have been found; nil if none is known yet.
    private static func batches(_ stored: StoredRequest) -> [MadeBatch]? {
        if let named = stored.namedBatches { return named.sorted().map { MadeBatch(id: $0, collection: nil) } }
        let made = stored.madeBatches
        return made.isEmpty ? nil : made.sorted { ($0.id, $0.collection ?? "") < ($1.id, $1.collection ?? "") }
    }

    /// How many batches it has; of a search that is known once it is done.
    private static func batchCount(_ stored: StoredRequest) -> Int? {
        stored.namedBatches?.count ?? (stored.request.status == .success ? stored.madeBatches.count : nil)
    }

    /// Rows of a batch id that two collections share are all those that it can mean.
    private static func batches(
        _ batches: [MadeBatch]?, _ known: [String: [BatchRecord]], _ names: [String: String]
    ) -> [RequestDocument.Batch]? {
        batches?.flatMap { batch -> [RequestDocument.Batch] in
            let records = batch.matching(known[batch.id] ?? [])
            if records.isEmpty { return [RequestDocument.Batch(id: batch.id)] }
            return records.map {
                RequestDocument.Batch(id: batch.id, record: $0, collectionName: names[$0.key.collection])
            }
        }
    }

    private func titles(of collections: Set<String>) async throws -> [String: String] {
        if collections.isEmpty { return [:] }
        let records = try await ports.sources.catalogue.collections(ids: collections.sorted())
        return Dictionary(records.map { ($0.identifier, $0.name) }) { first, _ in first }
    }

    private func layout(of stored: StoredRequest, _ report: any ReportDefinition) -> ReportLayout {
        stored.run?.layout ?? Self.config(stored)?.layout ?? settings.layouts[report.id] ?? report.layouts.first
            ?? .documented
    }

    /// Nil for a row of another program that is none of ours.
    private static func config(_ stored: StoredRequest) -> DatasetConfig? {
        guard let json = JSONValue.ifReadable(stored.request.requestData) else { return nil }
        do { return try DatasetConfig(json: json) } catch { return nil }
    }
}
