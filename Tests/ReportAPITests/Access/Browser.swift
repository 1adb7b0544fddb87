import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import Synchronization
import Testing

/// The little of a browser that cookies need: it keeps them, and does not send those that are SameSite=Strict with what
/// another site began.
final class Browser: Sendable {
    private let handler: APIHandler
    private let state = Mutex<(jar: [String: String], strict: Set<String>)>(([:], []))

    init(_ handler: APIHandler) { self.handler = handler }

    /// Its cookies by name.
    var jar: [String: String] {
        get { state.withLock { $0.jar } }
        set { state.withLock { $0.jar = newValue } }
    }

    func get(_ address: String, fields: HTTPFields = [:]) async -> HTTPResponse {
        await send(.get, address, fields, "", isFromOtherSite: false)
    }

    func get(fromOtherSite address: String) async -> HTTPResponse {
        await send(.get, address, [:], "", isFromOtherSite: true)
    }

    func post(_ address: String, fields: HTTPFields = [:], body: String = "") async -> HTTPResponse {
        await send(.post, address, fields, body, isFromOtherSite: false)
    }

    private func send(
        _ method: HTTPMethod, _ address: String, _ fields: HTTPFields, _ body: String, isFromOtherSite: Bool
    ) async -> HTTPResponse {
        let local = address.replacing("https://reports.example.org", with: "")
        let parts = local.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields = fields
        let sent = state.withLock { state in
            state.jar.filter { !isFromOtherSite || !state.strict.contains($0.key) }
        }
        if !sent.isEmpty {
            fields.append("Cookie", sent.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; "))
        }
        let response = await handler.respond(
            to: HTTPRequest(
                method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "", fields: fields,
                peer: "192.0.2.1", requestID: "r", body: TextBody(body)))
        for cookie in response.fields.values("Set-Cookie") { keep(cookie) }
        await expectDescribed(method, String(parts[0]), response)
        return response
    }

    /// The OpenAPI document has to know every answer about signing in, its status, its type and its shape.
    private func expectDescribed(_ method: HTTPMethod, _ path: String, _ response: HTTPResponse) async {
        guard path.hasPrefix("/v1/sign-") || path == "/v1/session" else { return }
        let what = "\(method.rawValue) \(path): \(response.status)"
        do {
            let document = try await handler.respond(to: HTTPRequest(method: .get, path: "/openapi.json")).json
            let operation = document["paths"]?[path]?[method.rawValue.lowercased()]
            guard let answer = operation?["responses"]?["\(response.status)"] else {
                Issue.record("the document does not know of \(what)")
                return
            }
            guard let type = response.fields["Content-Type"]?.prefix(while: { $0 != ";" }) else { return }
            guard let content = answer["content"]?[String(type)] else {
                Issue.record("\(what) is not documented as \(type)")
                return
            }
            guard type.hasSuffix("json"), let schema = content["schema"] else { return }
            let differences = DocumentedShape(document: document).differences(try response.json, schema)
            #expect(differences == [], "\(what)")
        } catch {
            Issue.record("no document for \(what): \(error)")
        }
    }

    private func keep(_ cookie: String) {
        let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pair[0])
        state.withLock { state in
            state.jar[name] = cookie.contains("Max-Age=0;") ? nil : String(pair[1])
            if cookie.contains("SameSite=Strict") { state.strict.insert(name) }
        }
    }
}

/// A body in one piece.
final class TextBody: HTTPBytes {
    private let bytes: Mutex<[UInt8]?>

    init(_ text: String) { bytes = Mutex(text.isEmpty ? nil : Array(text.utf8)) }

    func next() async throws -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = nil }
            return bytes
        }
    }
}
