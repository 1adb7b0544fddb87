import HTTPMessages
import HTTPServer
import ReportModel

/// Answers of our own routes.
enum JSONAnswer {
    /// A JSON object, which nobody keeps: what is in it belongs to the caller alone.
    static func make(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: .bytes(Array(value.compactText.utf8)))
    }
}

/// The body of a request to our own routes: an object with known members and no others.
struct JSONBody: Sendable {
    private let value: JSONValue

    /// Reads the body. No body is an empty object. Throws `invalidInput` for what is no JSON object, and for a member that
    /// is not among `members`.
    init(_ request: APIRequest, members: Set<String>) async throws {
        let bytes = try await request.body()
        value = bytes.isEmpty ? .members() : try Self.parsed(bytes)
        guard let sent = value.objectMembers else {
            throw Self.refusal("it is no JSON object", remedy: "Send an object, such as {}.")
        }
        for member in sent where !members.contains(member.name) {
            throw Self.refusal(
                "member \(member.name.prefix(50)) is not known",
                remedy: "Known members are \(members.sorted().joined(separator: ", ")).")
        }
    }

    /// The JSON of a body. Throws `invalidInput` that says where it is wrong, and what to send.
    static func parsed(_ bytes: [UInt8], limits: JSONValue.Limits = .init()) throws -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal("it is not UTF-8", remedy: "Send JSON in UTF-8.")
        }
        do {
            return try JSONValue(parsing: text, limits: limits, name: "request body")
        } catch let error as ExhaustError {
            throw ExhaustError(
                error.code, error.message,
                remedy: error.remedy.isEmpty ? "Send one JSON object, as /openapi.json describes it." : error.remedy,
                mender: error.mender, cause: error)
        }
    }

    /// A member; nil if it is missing or null.
    subscript(name: String) -> JSONValue? { value[name].flatMap { $0.isNull ? nil : $0 } }

    /// A text. Throws `invalidInput` if it is something else.
    func text(_ name: String) throws(ExhaustError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else { throw Self.refusal("\(name) must be text") }
        return text
    }

    /// A text that has to be there.
    func requiredText(_ name: String) throws(ExhaustError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw Self.refusal("\(name) is missing") }
        return text
    }

    /// True or false; false if it is missing.
    func flag(_ name: String) throws(ExhaustError) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw Self.refusal("\(name) must be true or false") }
        return flag
    }

    /// A whole number that has to be there.
    func requiredInteger(_ name: String) throws(ExhaustError) -> Int {
        guard let number = self[name]?.integer else { throw Self.refusal("\(name) must be a whole number") }
        return Int(clamping: number)
    }

    private static func refusal(
        _ why: String, remedy: String = "Correct the request."
    ) -> ExhaustError { ExhaustError(.invalidInput, "request body: \(why)", remedy: remedy) }
}
