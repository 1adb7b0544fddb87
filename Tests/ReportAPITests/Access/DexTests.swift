import Glibc
import HTTPClient
import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import ServiceTesting
import Synchronization
import Testing

extension TestService {
    /// Dex: its issuer.
    fileprivate static let dex = TestService(name: "dex", variable: "EXHAUST_TEST_DEX")
}

@Suite(.enabled(if: TestService.dex.isToBeTested, Comment(rawValue: TestService.dex.reason)))
struct DexTests {
    /// The time of the provider, and more where a test moves it.
    private final class MovedClock: ServiceClock {
        private let offset = Mutex(0.0)
        func now() -> Timestamp {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let now = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
            return now.adding(seconds: offset.withLock { $0 })
        }
        func sleep(seconds: Double) async throws {}
        func move(seconds: Double) { offset.withLock { $0 += seconds } }
    }

    private struct Scene {
        let api: APIHandler
        let audit: MemoryAuditLog
        let clock: MovedClock
        let web: CurlClient

        init(issuer: String) async throws {
            let base = try AccessScene()
            let clock = MovedClock()
            let web = try await CurlClient()
            let audit = MemoryAuditLog(clock: clock)
            var claims = ClaimRules()
            claims.user = "email"
            claims.roles = "groups"
            claims.usualOrganisation = "org-7"
            let sessions = Sessions(store: MemorySessionStore(clock: clock), rules: .init(), clock: clock)
            let client = OpenIDClient(
                issuer: issuer, clientID: "exhaust", secret: SecretBytes(Array("secret".utf8)),
                scopes: ["openid", "email", "groups"], redirect: "https://reports.example.org/v1/sign-in/callback",
                home: "https://reports.example.org/")
            let auditing = Auditing(log: audit, events: base.log, clock: clock)
            let signIn = try SignIn(
                mode: .provider(OpenIDProvider(client: client, web: web, clock: clock, log: base.log)),
                sessions: sessions, users: UserReader(rules: claims, clock: clock), tokens: nil, auditing: auditing,
                master: base.master, clock: clock)
            let access = RequestAccess(
                rules: AccessRules(), consumers: base.cached, tokens: nil, sessions: sessions, clock: clock)
            api = try base.api(access: access, signIn: signIn, auditing: auditing)
            self.audit = audit
            self.clock = clock
            self.web = web
        }

        /// Signs in as somebody would: through the provider's form.
        func signIn(_ user: String, password: String = "password", _ browser: Browser) async throws -> HTTPResponse? {
            let begun = await browser.get("/v1/sign-in?returnTo=/requests")
            var (address, page) = try await follow(try #require(begun.fields["Location"]))
            let action = try #require(page.split(separator: "action=\"").dropFirst().first?.prefix { $0 != "\"" })
            let origin = address.prefix(while: { $0 != "?" }).split(separator: "/").prefix(2).joined(separator: "//")
            var form = QueryItems()
            form.append("login", user)
            form.append("password", password)
            let answer = try await web.send(
                WebRequest(
                    .post, origin + action.replacing("&amp;", with: "&"),
                    fields: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: .bytes(Array(form.encoded.utf8))))
            guard let next = answer.fields["Location"] else { return nil }
            (address, page) = try await follow(Self.absolute(next, origin))
            return await browser.get(fromOtherSite: address)
        }

        /// Follows redirects until a page, or until they lead back to us.
        private func follow(_ start: String) async throws -> (address: String, page: String) {
            var address = start
            for _ in 0..<5 {
                if address.hasPrefix("https://reports.example.org") { return (address, "") }
                let answer = try await web.send(WebRequest(.get, address))
                guard let next = answer.fields["Location"] else {
                    return (address, String(decoding: answer.body, as: UTF8.self))
                }
                address = Self.absolute(
                    next, address.split(separator: "/").prefix(2).joined(separator: "//"))
            }
            throw ExhaustError(.unavailable, "too many redirects")
        }

        private static func absolute(_ address: String, _ origin: String) -> String {
            address.hasPrefix("/") ? origin + address : address
        }
    }

    @Test(arguments: ["RS256", "ES256"])
    func `somebody signs in at a real provider`(algorithm: String) async throws {
        let server = try await OwnServer.start(.dex, options: ["--algorithm", algorithm])
        let scene = try await Scene(issuer: server.address)
        let browser = Browser(scene.api)
        let back = try #require(try await scene.signIn("admin@example.org", browser))
        #expect(back.status == 200, "\(back.text)")
        let session = try await browser.get("/v1/session").json
        #expect(session["user"] == .string("admin@example.org"))
        #expect(session["roles"] == .array([.string("ORG_ADMIN")]))
        #expect(session["channel"] == .string("org-7"))
        #expect(await browser.get("/v1/thing").status == 200)
        #expect(scene.audit.all.map(\.action) == [.signIn])
        #expect(try await scene.signIn("admin@example.org", password: "wrong", Browser(scene.api)) == nil)
        await scene.web.close()
        try await server.end()
    }

    @Test func `a provider that was started again has new keys, which are found`() async throws {
        let server = try await OwnServer.start(.dex)
        let scene = try await Scene(issuer: server.address)
        #expect(try await scene.signIn("mentor@example.org", Browser(scene.api))?.status == 200)
        try await server.stop()
        #expect(await Browser(scene.api).get("/v1/sign-in").status == 302)
        try await server.start()
        let browser = Browser(scene.api)
        let early = try await scene.signIn("mentor@example.org", browser)
        #expect(early?.status == 401)
        #expect(early?.text.contains("it was signed by a key that is not known here") == true)
        scene.clock.move(seconds: 61)
        #expect(try await scene.signIn("mentor@example.org", browser)?.status == 200)
        #expect(try await browser.get("/v1/session").json["roles"] == .array([.string("COURSE_MENTOR")]))
        await scene.web.close()
        try await server.end()
    }
}
