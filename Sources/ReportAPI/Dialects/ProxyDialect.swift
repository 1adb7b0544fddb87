import ReportModel

/// The LMS service's, which passes on what the analytics service answers (upstream.md 2.12): blank texts are absent, and
/// the key is always kept encrypted, as ours are.
struct ProxyDialect: RequestDialect {
    private let base = DatasetDialect()

    var ids: DialectIDs { base.ids }

    func asked(in request: JSONValue) throws(ExhaustError) -> AskedDataset {
        var asked = try base.asked(in: request)
        for (name, value) in [("tag", asked.tag), ("dataset", asked.dataset)] where Self.isBlank(value) {
            throw .badRequest("Mandatory parameter \(name) is missing.")
        }
        if Self.isBlank(asked.requestedBy) { asked.requestedBy = nil }
        if Self.isBlank(asked.key) { asked.key = nil }
        return asked
    }

    func document(of job: JobView, in place: JobView.Place) -> JSONValue { base.document(of: job, in: place) }

    private static func isBlank(_ text: String?) -> Bool { text?.allSatisfy(\.isWhitespace) ?? true }
}
