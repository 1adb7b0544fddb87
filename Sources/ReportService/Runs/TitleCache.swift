import ReportModel
import ReportPorts

/// Titles of contents, looked up in the catalogue once a run, many at a time.
actor TitleCache {
    private let catalogue: any CatalogueSource
    private var known = ContentTitles()

    init(catalogue: any CatalogueSource) { self.catalogue = catalogue }

    /// Titles of at least the contents of `page`.
    func titles(of page: AttemptPage) async throws -> ContentTitles {
        var unknown: Set<String> = []
        var last = TextSlice.absent
        for attempt in page.attempts where attempt.content != last {
            last = attempt.content
            let identifier = page.arena.text(attempt.content)
            if !known.contains(identifier) { unknown.insert(identifier) }
        }
        if !unknown.isEmpty {
            let found = try await catalogue.titles(of: unknown.sorted())
            for identifier in unknown where !known.contains(identifier) {
                known.set(found[identifier] ?? "", of: identifier)
            }
        }
        return known
    }
}
