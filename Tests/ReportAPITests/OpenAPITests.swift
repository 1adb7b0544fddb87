import HTTPMessages
import HTTPServer
import ReportModel
import SecureArchive
import Testing

@testable import ReportAPI

/// A client that knows nothing but the document gets in by each way that it tells, and by no part of one.
@Suite struct OpenAPITests {
    private static func document(_ api: APIHandler) async throws -> JSONValue {
        try await api.respond(to: HTTPRequest(method: .get, path: "/openapi.json")).json
    }

    @Test(arguments: [HTTPMethod.get, .post], [true, false])
    func `each way of saying who one is works as the document tells it`(
        method: HTTPMethod, isSecure: Bool
    ) async throws {
        var scene = try AccessScene()
        scene.rules.gatewaySecret = SecretBytes(Array("open sesame".utf8))
        scene.sessionRules.isSecure = isSecure
        let api = try scene.api()
        let document = try await Self.document(api)
        let begun = try await scene.sessions.begin(
            KnownUser(id: "user-7", roles: ["ORG_ADMIN"], organisation: "org-7"))
        let cookie = String(begun.setCookie.prefix { $0 != ";" }.drop { $0 != "=" }.dropFirst())
        let values = [
            "userToken": try scene.token(), "consumer": "c1", "gateway": "open sesame", "session": cookie,
            "csrfToken": try scene.sessions.csrfToken(of: cookie),
        ]
        let operation = try #require(document.at("paths")?["/v1/thing"]?[method.rawValue.lowercased()])
        let ways = (operation["security"]?.elements ?? []).map { $0.objectMembers?.map(\.name) ?? [] }
        #expect(ways.count == 3 && !ways.contains([]))
        let parameters = (operation["parameters"]?.elements ?? []).compactMap { $0["name"]?.text }
        #expect(parameters.contains("X-Channel-ID") && parameters.contains("X-Authenticated-Userid"))
        for way in ways {
            // With every part of it, and then without one of them.
            for missing in [nil] + way.map(Optional.some) {
                var fields: HTTPFields =
                    way == ["session"] || way.contains("csrfToken") ? [:] : ["X-Channel-ID": "org-7"]
                for name in way where name != missing {
                    let scheme = try #require(document.at("components.securitySchemes.\(name)"))
                    let field = try #require(scheme["name"]?.text)
                    let value = try #require(values[name])
                    if scheme["in"]?.text == "cookie" {
                        fields.append("Cookie", "\(field)=\(value)")
                    } else {
                        fields.append(field, value)
                    }
                }
                let answer = await api.respond(
                    to: HTTPRequest(method: method, path: "/v1/thing", fields: fields))
                let isRight = missing == nil
                #expect((answer.status == 200) == isRight, "\(method) by \(way) without \(missing ?? "nothing")")
            }
        }
    }

    @Test func `only the demo, and links for everybody, need nothing of a caller`() async throws {
        func open(_ scene: AccessScene) async throws -> Set<String> {
            let document = try await Self.document(try scene.api())
            var names: Set<String> = []
            for path in document["paths"]?.objectMembers ?? [] {
                for operation in path.value.objectMembers ?? [] {
                    let ways = operation.value["security"]?.elements ?? []
                    let isOpen = ways.isEmpty || ways.contains { $0.objectMembers?.isEmpty == true }
                    if isOpen { names.insert("\(operation.name) \(path.name)") }
                }
            }
            return names
        }
        var scene = try AccessScene()
        let few = try await open(scene)
        #expect(
            few == [
                "get /health", "get /ready", "get /openapi.json", "get /v1/session", "get /v1/sign-in",
                "get /v1/sign-in/callback", "post /v1/sign-in/portal", "get /v1/files/{token}",
            ])
        scene.rules.demo = Caller(credential: .demo, channel: "org-7", userID: "demo")
        #expect(try await open(scene).isSuperset(of: ["get /v1/requests", "post /request/search"]))
    }
}
