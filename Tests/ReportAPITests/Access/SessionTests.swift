import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import ReportAPI

@Suite struct SessionTests {
    private let scene: AccessScene

    init() throws { scene = try AccessScene() }

    private func begin() async throws -> String {
        let begun = try await scene.sessions.begin(
            KnownUser(id: "user-7", roles: ["ORG_ADMIN"], organisation: "org-7"))
        return begun.setCookie.prefix { $0 != ";" }.description
    }

    private func ask(_ fields: HTTPFields, method: HTTPMethod = .get) async throws -> HTTPResponse {
        await (try scene.api()).respond(to: HTTPRequest(method: method, path: "/v1/thing", fields: fields))
    }

    @Test func `a change needs the token of this very session`() async throws {
        let cookie = try await begin()
        let other = try await begin()
        let token = try scene.sessions.csrfToken(of: String(cookie.drop { $0 != "=" }.dropFirst()))
        #expect(try await ask(["Cookie": cookie]).status == 200)
        #expect(try await ask(["Cookie": cookie, "X-CSRF-Token": token], method: .post).status == 200)
        let wrong: [HTTPFields] = [
            ["Cookie": cookie], ["Cookie": cookie, "X-CSRF-Token": ""],
            ["Cookie": cookie, "X-CSRF-Token": String(token.dropLast())],
            ["Cookie": other, "X-CSRF-Token": token],
        ]
        for fields in wrong {
            let answer = try await ask(fields, method: .post)
            #expect(answer.status == 403)
            #expect(try answer.json["title"]?.text == "X-CSRF-Token: it is missing or not that of this session")
        }
    }

    @Test func `a session ends with its time, and when somebody signs out`() async throws {
        let cookie = try await begin()
        let value = String(cookie.drop { $0 != "=" }.dropFirst())
        scene.clock.advance(seconds: 8 * 3_600 - 1)
        #expect(try await ask(["Cookie": cookie]).status == 200)
        scene.clock.advance(seconds: 1)
        #expect(try await ask(["Cookie": cookie]).status == 401)
        let second = try await begin()
        _ = try await scene.sessions.end(String(second.drop { $0 != "=" }.dropFirst()))
        #expect(try await ask(["Cookie": second]).status == 401)
        #expect(!value.isEmpty)
    }

    @Test func `a session acts for its own organisation alone`() async throws {
        let cookie = try await begin()
        #expect(try await ask(["Cookie": cookie, "X-Channel-ID": "ORG-7"]).status == 200)
        let answer = try await ask(["Cookie": cookie, "X-Channel-ID": "org-8"])
        #expect(answer.status == 403)
        #expect(try answer.json["title"]?.text == "You are not authorized.")
    }

    @Test func `two cookies, and one that nobody gave out, are refused`() async throws {
        let cookie = try await begin()
        for fields in [
            ["Cookie": "\(cookie); \(cookie)"], ["Cookie": cookie + "x"], ["Cookie": "__Host-exhaust_session=x"],
        ] as [HTTPFields] {
            #expect(try await ask(fields).status == 401)
        }
        // Another site of the domain can set a cookie without the prefix; it counts for nothing.
        let unprefixed = cookie.replacing("__Host-", with: "")
        #expect(try await ask(["Cookie": "\(unprefixed)"]).status == 401)
        #expect(try await ask(["Cookie": "exhaust_session=evil; \(cookie)"]).status == 200)
    }

    @Test func `a consumer with a stray cookie is still a consumer`() async throws {
        let fields: HTTPFields = [
            "Cookie": "__Host-exhaust_session=old", "X-Channel-ID": "org-7", "X-Consumer-ID": "c1",
        ]
        #expect(try await ask(fields, method: .post).text == "consumer")
    }

    @Test func `the store knows no cookie`() async throws {
        let cookie = try await begin()
        let value = String(cookie.drop { $0 != "=" }.dropFirst())
        #expect(value.utf8.count == 43)
        #expect(try await scene.sessionStore.session(value) == nil)
    }

    // MARK: Demo

    private func demo() throws -> APIHandler {
        var scene = scene
        let caller = Caller(credential: .demo, channel: "org-demo", userID: "demo-admin", roles: ["ORG_ADMIN"])
        scene.rules.demo = caller
        return try scene.api(.demo(caller))
    }

    @Test func `in demo mode everybody on this machine is the demo's user`() async throws {
        let api = try demo()
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "127.0.0.1"] {
            let request = HTTPRequest(method: .post, path: "/v1/thing", fields: ["Host": host])
            #expect(await api.respond(to: request).text == "demo-admin", "\(host)")
        }
        let session = await api.respond(to: HTTPRequest(method: .get, path: "/v1/session"))
        #expect(try session.json["mode"] == .string("demo"))
        #expect(try session.json["csrfToken"] == .string(""))
    }

    @Test func `pages of others that a browser shows on this machine are kept out of the demo`() async throws {
        let api = try demo()
        let host = "127.0.0.1:8080"
        for fields in [
            ["Host": "evil.example.org:8080"], ["Host": "127.0.0.1.evil.example.org"], ["Host": "localhost.evil.org"],
            ["Host": host, "Origin": "https://evil.example.org"], ["Host": host, "Origin": "null"],
            ["Host": host, "Origin": "http://127.0.0.1:9090"], ["Host": host, "Sec-Fetch-Site": "cross-site"],
            ["Host": host, "Sec-Fetch-Site": "same-site"],
        ] as [HTTPFields] {
            let request = HTTPRequest(method: .post, path: "/v1/thing", fields: fields)
            #expect(await api.respond(to: request).status == 403, "\(fields)")
        }
        let own: HTTPFields = ["Host": host, "Origin": "http://\(host)", "Sec-Fetch-Site": "same-origin"]
        #expect(await api.respond(to: HTTPRequest(method: .post, path: "/v1/thing", fields: own)).status == 200)
    }
}
