import HTTPMessages
import HTTPServer
import ReportModel

/// What the portal posts: `token` and, if it likes, `returnTo`; as a form or as JSON.
struct PostedToken: Sendable, Hashable {
    let token: String
    let returnTo: String?

    /// Reads the body. Throws `invalidInput`.
    init(_ request: HTTPRequest, body: [UInt8]) throws {
        let type = (request.fields["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
        let found: (String?, String?)
        switch type.filter({ $0 != " " }) {
        case "application/x-www-form-urlencoded":
            let form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
            found = (form["token"], form["returnTo"])
        case "application/json":
            let value = try JSONValue(parsing: body, limits: .init(nesting: 4, uniqueNames: true), name: "body")
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
}
