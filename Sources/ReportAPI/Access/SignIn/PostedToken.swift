import HTTPMessages
import HTTPServer
import ReportModel

/// What the portal posts: `token` and, if it likes, `returnTo`; as a form or as JSON.
struct PostedToken: Sendable, Hashable {
    let token: String
    let returnTo: String?

    /// Reads the body. Throws `invalidInput`.
    init(_ request: HTTPRequest, body: [UInt8]) throws {
        let type = Self.type(of: request)
        let found: (String?, String?)
        switch type {
        case "application/x-www-form-urlencoded":
            let form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
            found = (form["token"], form["returnTo"])
        case "application/json":
            let value = try JSONBody.parsed(body, limits: .init(nesting: 4, uniqueNames: true))
            found = (value["token"]?.text, value["returnTo"]?.text)
        default:
            throw ExhaustError(
                .invalidInput, "Content-Type: `\(type.prefix(100))` is not known here",
                remedy: "Post a form or JSON with a member `token`.")
        }
        guard let token = found.0, !token.isEmpty else {
            throw ExhaustError(.invalidInput, "token: it is missing", remedy: "Post the user's token as `token`.")
        }
        self.token = token
        returnTo = found.1
    }

    /// Whether a script sent it, which reads the answer itself; no form of a page can send JSON.
    static func isFromScript(_ request: HTTPRequest) -> Bool { type(of: request) == "application/json" }

    private static func type(of request: HTTPRequest) -> String {
        (request.fields["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    }
}
