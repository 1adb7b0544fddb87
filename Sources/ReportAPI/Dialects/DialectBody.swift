import HTTPMessages
import HTTPServer
import ReportModel

/// Reads the bodies of upstream's programs: what upstream accepts, and a reason for everything else (upstream.md 2.14, 3–8).
enum DialectBody {
    /// Levels of lists and objects inside each other; 4 kB of brackets ended upstream's process (upstream.md 2.14, 8).
    static let nestingLimit = 64

    /// The member `request` of the body. Throws `invalidInput` with status 400 or 415, or `limitExceeded`.
    static func request(of request: APIRequest) async throws -> JSONValue {
        try checkType(request.http.fields["Content-Type"])
        let bytes = try await request.body()
        guard !bytes.isEmpty else {
            throw ExhaustError.badRequest("body: it is empty", remedy: "Send a JSON object with a member request.")
        }
        let body = try parsed(bytes)
        guard body.objectMembers != nil else { throw ExhaustError.badRequest("body: it is no JSON object") }
        guard let content = body["request"], content.objectMembers != nil else {
            throw ExhaustError.badRequest("request: the body has no object of that name")
        }
        return content
    }

    private static func checkType(_ field: String?) throws {
        let type = (field ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        guard type == "application/json" || type == "text/json" else {
            throw ExhaustError.badRequest(
                type.isEmpty ? "Content-Type: it is missing" : "Content-Type: it must be application/json",
                remedy: "Send Content-Type: application/json.", status: 415)
        }
    }

    private static func parsed(_ bytes: [UInt8]) throws -> JSONValue {
        do {
            let limits = JSONValue.Limits(nesting: nestingLimit, bytes: bytes.count * 2)
            // Upstream reads UTF-16 too, whatever the header says (upstream.md 2.14, 4).
            if let text = utf16(bytes) { return try JSONValue(parsing: text, limits: limits, name: "body") }
            return try JSONValue(parsing: bytes, limits: limits, name: "body")
        } catch let error as ExhaustError {
            throw error.asBadRequest
        }
    }

    /// The text, if it is UTF-16: it begins with a mark, or every other of its first bytes is NUL, as none is in JSON.
    private static func utf16(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 2, bytes.count % 2 == 0 else { return nil }
        let (first, second) = (bytes[0], bytes[1])
        let isBig = (first == 0xFE && second == 0xFF) || (first == 0 && second != 0)
        let isLittle = (first == 0xFF && second == 0xFE) || (first != 0 && second == 0)
        guard isBig || isLittle else { return nil }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for place in stride(from: 0, to: bytes.count, by: 2) {
            let (high, low) = isBig ? (bytes[place], bytes[place + 1]) : (bytes[place + 1], bytes[place])
            units.append(UInt16(high) << 8 | UInt16(low))
        }
        return String(decoding: units.first == 0xFEFF ? units.dropFirst() : units[...], as: UTF16.self)
    }
}

extension JSONValue {
    /// The member as text, as upstream reads it: numbers and truth values become text, null is absence (upstream.md 2.14,
    /// 11 and 12). Throws `invalidInput` with status 400, naming the member, for a list or an object.
    func coercedText(_ name: String, as path: String? = nil) throws(ExhaustError) -> String? {
        guard let value = self[name] else { return nil }
        return try value.coercedText(path: path ?? name)
    }

    /// The value as text; nil for null.
    func coercedText(path: String) throws(ExhaustError) -> String? {
        switch self {
        case .null: nil
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .array, .object: throw .badRequest("\(path): it must be text", remedy: "Send a text.")
        }
    }

    /// The member as an object; nil if it is absent or null. Throws `invalidInput` with status 400, naming the member.
    func coercedObject(_ name: String) throws(ExhaustError) -> JSONValue? {
        guard let value = self[name], !value.isNull else { return nil }
        guard value.objectMembers != nil else {
            throw .badRequest("\(name): it must be an object", remedy: "Send a JSON object.")
        }
        return value
    }

    /// The member as a list of texts; nil if it is absent or null. Throws `invalidInput` with status 400, naming the member.
    func coercedTexts(_ name: String) throws(ExhaustError) -> [String]? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let elements = value.elements else {
            throw .badRequest("\(name): it must be a list", remedy: "Send a list of texts.")
        }
        var texts: [String] = []
        for element in elements {
            guard let text = try element.coercedText(path: name) else {
                throw .badRequest("\(name): an element of it is null", remedy: "Send a list of texts.")
            }
            texts.append(text)
        }
        return texts
    }
}
