import HTTPServer
import ReportModel

/// How one family of programs asks and is answered. The three dialects differ in nothing else (design.md 9).
protocol RequestDialect: Sendable {
    /// `id` of the answers.
    var ids: DialectIDs { get }
    /// What a submission asks for. Throws `invalidInput` with status 400, naming the member.
    func asked(in request: JSONValue) throws(ExhaustError) -> AskedDataset
    /// One request as an answer shows it.
    func document(of job: JobView, in place: JobView.Place) -> JSONValue
    /// The answer with this result.
    func success(_ result: JSONValue, id: String, at now: Timestamp) -> HTTPResponse
}

extension RequestDialect {
    func success(_ result: JSONValue, id: String, at now: Timestamp) -> HTTPResponse {
        Envelope.success(result, id: id, at: now)
    }
}

/// The `id` of a dialect's answers (upstream.md 2.3).
struct DialectIDs: Sendable {
    var submit: String
    var read: String
    var list: String
    var search = "ekstep.analytics.dataset.request.search"

    /// Those of the analytics service, which the LMS proxy passes on.
    static let dataset = DialectIDs(
        submit: "ekstep.analytics.dataset.request.submit", read: "ekstep.analytics.dataset.request.info",
        list: "ekstep.analytics.dataset.request.list")
    /// Those of the oldest API.
    static let job = DialectIDs(
        submit: "ekstep.analytics.job.request.submit", read: "ekstep.analytics.job.request.info",
        list: "ekstep.analytics.job.request.list")
}

/// What a submission asks for, in one vocabulary; nil is absent.
struct AskedDataset: Sendable {
    var tag: String?
    var dataset: String?
    var config: JSONValue?
    var requestedBy: String?
    var key: String?
    /// The member `request` in the words of the dataset dialect, for which schemas are written.
    var request: JSONValue
    /// What tag, dataset and config are called in this dialect.
    var names = (tag: "tag", dataset: "dataset", config: "datasetConfig")

    /// `datasetConfig.type`; nil if it is absent or null. Throws `invalidInput` with status 400 if it is no text.
    var type: String? {
        get throws(ExhaustError) {
            guard let value = config?["type"], !value.isNull else { return nil }
            guard let text = value.text else {
                throw .badRequest("\(names.config).type: it must be text", remedy: "Send a text, or leave it out.")
            }
            return text
        }
    }

    /// Throws upstream's words for the first of the three members that is absent (upstream.md 2.4, validation A).
    func requireMembers() throws(ExhaustError) {
        if tag == nil { throw .badRequest("\(names.tag) is empty") }
        if dataset == nil { throw .badRequest("\(names.dataset) is empty") }
        if config == nil { throw .badRequest("\(names.config) is empty") }
    }
}
