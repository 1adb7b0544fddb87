import ReportModel

/// What the OpenAPI document says of an operation beside what its route says: path, method, access, form of errors.
struct OperationDescription: Sendable {
    /// A parameter of query or header.
    struct Parameter: Sendable {
        enum Place: String, Sendable { case query, header }
        let name: String
        let place: Place
        let schema: Schema
        let summary: String

        static func query(_ name: String, _ schema: Schema = .text, _ summary: String) -> Parameter {
            Parameter(name: name, place: .query, schema: schema, summary: summary)
        }

        static func header(_ name: String, _ schema: Schema = .text, _ summary: String) -> Parameter {
            Parameter(name: name, place: .header, schema: schema, summary: summary)
        }
    }

    /// A body by its media type.
    struct Content: Sendable {
        let type: String
        let schema: Schema

        static func json(_ schema: Schema) -> Content { Content(type: "application/json", schema: schema) }
        static let text = Content(type: "text/plain", schema: .text)
        static let page = Content(type: "text/html", schema: .text)
    }

    /// An answer that is no error.
    struct Answer: Sendable {
        let status: Int
        let summary: String
        let content: [Content]

        init(_ status: Int, _ summary: String, _ content: Content...) {
            self.status = status
            self.summary = summary
            self.content = content
        }
    }

    /// One line.
    let summary: String
    /// The group it stands in.
    let group: Group
    let parameters: [Parameter]
    /// Forms that the body can have; none if there is no body.
    let body: [Content]
    let answers: [Answer]
    /// Statuses of errors beside those that access, routing and limits bring.
    let errors: [Int]
    /// Whether some errors are told by a page, for the person at the browser.
    let hasErrorPage: Bool

    /// Who may call, beside what the route says.
    let credential: Credential

    /// How callers are recognised.
    enum Credential: Sendable {
        /// As everywhere.
        case usual
        /// By the session's cookie, if there is one.
        case sessionIfAny
        /// By the link that they call, where it is one for everybody; otherwise as everywhere.
        case linkOrCaller
        /// By the token for metrics; this machine needs none.
        case metricsToken
    }

    /// Groups of the document.
    enum Group: String, Sendable, CaseIterable {
        case reports = "Reports"
        case requests = "Requests"
        case dialects = "Upstream's dialects"
        case access = "Signing in"
        case page = "The page"
        case operations = "Operations"
    }

    init(
        _ group: Group, _ summary: String, parameters: [Parameter] = [], body: Content..., answers: [Answer],
        errors: [Int] = [], hasErrorPage: Bool = false, by credential: Credential = .usual
    ) {
        self.group = group
        self.summary = summary
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.errors = errors
        self.hasErrorPage = hasErrorPage
        self.credential = credential
    }
}

/// All descriptions, by the name of the operation.
enum OperationDescriptions {
    static let all: [String: OperationDescription] = operations.merging(access) { first, _ in first }
        .merging(requests) { first, _ in first }.merging(dialects) { first, _ in first }
}
