import HTTPClient
import ReportModel
import ReportTesting
import ServiceTesting

@testable import SunbirdServices

/// The services of a platform over tables in import form: 100 hits a page where no limit is sent, Live only without a
/// status, the policy of `default` where an organisation has none, 400 without that.
struct PlatformServer {
    let server: LoopbackServer
    let client: any WebClient
    let options: ServiceOptions

    init(_ tables: ImportTables, reply: (@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply?)? = nil)
        async throws
    {
        server = try LoopbackServer { request in
            if let reply = reply?(request) { return reply }
            do { return try Self.answer(request, tables) } catch { return .answer(500, "\(error)") }
        }
        client = try await CurlClient(CurlOptions(concurrency: 2))
        options = ServiceOptions(
            search: server.address + "/v3/search", preferences: server.address + "/v2/org/preferences/read",
            organisations: server.address + "/v2/org/search", users: server.address + "/user/v1/read/",
            keyHosts: ["127.0.0.1"], patience: Patience(whole: 2))
    }

    var search: ContentSearchService {
        get throws { try ContentSearchService(options.search ?? "", options: options, client: client) }
    }

    private static func answer(_ request: LoopbackServer.Request, _ tables: ImportTables) throws -> LoopbackServer.Reply
    {
        let path = request.line.split(separator: " ")[1]
        if path == "/key.pem" { return .answer(200, "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n") }
        let asked = try JSONValue(parsing: request.body)["request"] ?? .null
        let result: JSONValue?
        switch path {
        case "/v3/search": result = contents(asked, tables)
        case "/v2/org/search": result = try organisations(asked, tables)
        case "/v2/org/preferences/read": result = try preference(asked, tables)
        default: return .answer(404, "{}")
        }
        let document = JSONValue.members(
            ("responseCode", .string(result == nil ? "CLIENT_ERROR" : "OK")), ("result", result ?? .members()))
        return .answer(result == nil ? 400 : 200, document.compactText)
    }

    private static func contents(_ request: JSONValue, _ tables: ImportTables) -> JSONValue {
        var filters = request["filters"]?.objectMembers ?? []
        if request["filters"]?["status"] == nil { filters.append(.init("status", .string("Live"))) }
        let hits = latest("content", "identifier", tables).filter { row in
            filters.allSatisfy { filter in
                let wanted = filter.value.elements ?? [filter.value]
                let held = row[filter.name].map { $0.elements ?? [$0] } ?? []
                return held.contains { wanted.contains($0) }
            }
        }
        .filter { row in
            // The service looks for words in descriptions too.
            let held = "\(row["name"]?.text ?? "") \(row["description"]?.text ?? "")".lowercased()
            return (request["query"]?.text ?? "").lowercased().split(separator: " ").contains { held.contains($0) }
                || request["query"]?.text?.isEmpty ?? true
        }
        let offset = Int(request["offset"]?.integer ?? 0)
        let page = hits.dropFirst(offset).prefix(Int(request["limit"]?.integer ?? 100))
        return .members(
            ("count", .integer(hits.count)), ("content", .array(page.filter { $0["objectType"] == nil })),
            ("QuestionSet", .array(page.filter { $0["objectType"] != nil })), ("facets", .array([.members()])))
    }

    private static func organisations(_ request: JSONValue, _ tables: ImportTables) throws -> JSONValue {
        let rows = try latest("organisation", "id", tables).map { row -> JSONValue in
            guard let keys = row["keys"]?.text else { return row }
            return .object(
                (row.objectMembers ?? []).filter { $0.name != "keys" } + [.init("keys", try JSONValue(parsing: keys))])
        }
        let hits = rows.filter { $0["id"] == request["filters"]?["id"] }
        return .members(("response", .members(("count", .integer(hits.count)), ("content", .array(hits)))))
    }

    private static func preference(_ request: JSONValue, _ tables: ImportTables) throws -> JSONValue? {
        for owner in [request["orgId"], .string("default")] {
            let row = (tables.rows["tenant_preference"] ?? []).last {
                $0["orgid"] == owner && $0["key"] == request["key"]
            }
            if let data = row?["data"] {
                let value = try data.text.map { try JSONValue(parsing: $0) } ?? data
                return .members(("response", .members(("data", value))))
            }
        }
        return nil
    }

    private static func latest(_ table: String, _ key: String, _ tables: ImportTables) -> [JSONValue] {
        var rows: [JSONValue] = []
        for row in tables.rows[table] ?? [] {
            rows.removeAll { $0[key] == row[key] }
            rows.append(row)
        }
        return rows
    }
}
