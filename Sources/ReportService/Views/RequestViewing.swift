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
        let ids = all.map(Self.batchIDs)
        let known = try await batches(ids: Set(ids.flatMap { $0 ?? [] }))
        let now = ports.clock.now()
        var places = 0
        var documents: [RequestDocument] = []
        for (stored, ids) in zip(all, ids) {
            let report = registry.reports.first { $0.id == stored.request.reportID }
            var place: Int?
            if stored.request.status == .submitted || stored.run?.willRetry == true, places < Self.placeLimit {
                places += 1
                place = try await line.place(of: stored.request.key)
            }
            documents.append(
                RequestDocument(
                    stored: stored, reportTitle: report?.title ?? stored.request.reportID,
                    layout: report.map { layout(of: stored, $0) }, batches: Self.batches(ids, of: stored, known),
                    placeInLine: place,
                    pace: paces.pace(of: stored.request, run: stored.run, batchCount: Self.batchCount(stored), at: now))
            )
        }
        return documents
    }

    /// The batches that a request names, or that are known to have been found; nil if none is known yet.
    private static func batchIDs(_ stored: StoredRequest) -> [String]? {
        if let named = stored.namedBatches { return named.sorted() }
        let made = stored.madeBatches
        return made.isEmpty ? nil : made.sorted()
    }

    /// How many batches it has; of a search that is known once it is done.
    private static func batchCount(_ stored: StoredRequest) -> Int? {
        stored.namedBatches?.count ?? (stored.request.status == .success ? batchIDs(stored)?.count : nil)
    }

    /// Rows of a batch id that two collections share are all those that it can mean.
    private static func batches(
        _ ids: [String]?, of stored: StoredRequest, _ known: [String: [(BatchRecord, String?)]]
    ) -> [RequestDocument.Batch]? {
        ids?.flatMap { id -> [RequestDocument.Batch] in
            let records = known[id] ?? []
            if records.isEmpty { return [RequestDocument.Batch(id: id)] }
            return records.map { RequestDocument.Batch(id: id, record: $0.0, collectionName: $0.1) }
        }
    }

    private func batches(ids: Set<String>) async throws -> [String: [(BatchRecord, String?)]] {
        if ids.isEmpty { return [:] }
        let records = try await ports.sources.catalogue.batches(ids: ids.sorted())
        let collections = try await ports.sources.catalogue.collections(
            ids: Set(records.map(\.key.collection)).sorted())
        let names = Dictionary(collections.map { ($0.identifier, $0.name) }) { first, _ in first }
        return Dictionary(grouping: records.map { ($0, names[$0.key.collection]) }, by: \.0.key.batch)
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
