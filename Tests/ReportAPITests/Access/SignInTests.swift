import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import Testing

@Suite struct SignInTests {
    private var scene: AccessScene

    init() throws { scene = try AccessScene() }

    // MARK: The whole way

    @Test func `somebody signs in at the provider, works, and signs out`() async throws {
        let browser = Browser(try scene.api())
        let begun = await browser.get("/v1/sign-in?returnTo=/requests%3Fnew")
        #expect(begun.status == 302)
        let target = try #require(begun.fields["Location"])
        #expect(target.hasPrefix(TestProvider.issuer + "/auth?response_type=code&client_id=exhaust&"))
        #expect(target.contains("code_challenge_method=S256"))

        let back = await browser.get(fromOtherSite: try scene.provider.signIn(target))
        #expect(back.status == 200)
        #expect(back.text.contains(#"content="0;url=/requests?new""#))
        #expect(back.fields["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)

        let session = try await browser.get("/v1/session").json
        #expect(session["signedIn"] == .bool(true))
        #expect(session["user"] == .string("user-7"))
        #expect(session["channel"] == .string("org-7"))
        #expect(session["roles"] == .array([.string("ORG_ADMIN"), .string("PUBLIC")]))
        #expect(session["mode"] == .string("oidc"))
        #expect(await browser.get("/v1/thing").text == "user-7")

        let token = try #require(session["csrfToken"]?.text)
        #expect(await browser.post("/v1/thing", fields: ["X-CSRF-Token": token]).status == 200)
        let out = await browser.post("/v1/sign-out", fields: ["X-CSRF-Token": token])
        #expect(out.status == 200)
        #expect(
            try out.json["continueAt"]?.text == TestProvider.issuer
                + "/logout?client_id=exhaust&post_logout_redirect_uri=https%3A%2F%2Freports.example.org%2F")
        #expect(try await browser.get("/v1/session").json["signedIn"] == .bool(false))
        #expect(await browser.get("/v1/thing").status == 401)
        #expect(scene.audit.all.map(\.action) == [.signIn, .signOut, .refused])
        #expect(scene.audit.all.map(\.userID) == ["user-7", "user-7", nil])
    }

    @Test func `the client proves who it is, and the code is taken once`() async throws {
        let browser = Browser(try scene.api())
        let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
        let cookies = browser.jar
        #expect(await browser.get(fromOtherSite: back).status == 200)
        #expect(scene.provider.lastFields["Authorization"] == "Basic ZXhoYXVzdDpzJTI2Y3JldA==")
        #expect(scene.provider.lastForm["client_secret"] == nil)
        browser.jar = cookies
        let again = await browser.get(fromOtherSite: back)
        #expect(again.status == 401)
        #expect(again.text.contains("sign-in provider: it does not take the code"))
    }

    @Test func `a provider that wants the secret in the form gets it there`() async throws {
        scene.provider.changes.configuration["token_endpoint_auth_methods_supported"] = .array([
            .string("client_secret_post")
        ])
        let browser = Browser(try scene.api())
        let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
        #expect(await browser.get(fromOtherSite: back).status == 200)
        #expect(scene.provider.lastForm["client_secret"] == TestProvider.secret)
        #expect(scene.provider.lastFields["Authorization"] == nil)
    }

    // MARK: Cookies

    @Test func `cookies are as strict as they can be`() async throws {
        let browser = Browser(try scene.api())
        let begun = await browser.get("/v1/sign-in")
        let attempt = try #require(begun.fields["Set-Cookie"])
        #expect(attempt.hasPrefix("__Host-exhaust_sign_in="))
        #expect(attempt.hasSuffix("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"))
        let back = await browser.get(fromOtherSite: try scene.provider.signIn(begun.fields["Location"] ?? ""))
        let cookies = back.fields.values("Set-Cookie")
        #expect(cookies.count == 2)
        #expect(cookies[0].hasPrefix("__Host-exhaust_session="))
        #expect(cookies[0].hasSuffix("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure"))
        #expect(cookies[1].hasPrefix("__Host-exhaust_sign_in=; Path=/; Max-Age=0;"))
        #expect(back.fields["Cache-Control"] == "no-store")
        #expect(!scene.audit.all.description.contains(browser.jar["__Host-exhaust_session"] ?? "?"))
    }

    @Test func `on loopback without TLS cookies do without Secure`() async throws {
        var scene = scene
        scene.sessionRules.isSecure = false
        let cookie = await Browser(try scene.api()).get("/v1/sign-in").fields["Set-Cookie"]
        #expect(cookie?.hasPrefix("exhaust_sign_in=") == true)
        #expect(cookie?.contains("Secure") == false)
    }

    // MARK: Attacks

    @Test func `what comes back has to belong to an attempt of this browser`() async throws {
        let api = try scene.api()
        let message = "sign-in: this browser did not begin it, or took longer than ten minutes"
        func expectRefusal(_ browser: Browser, _ address: String) async {
            let answer = await browser.get(fromOtherSite: address)
            #expect(answer.status == 401)
            #expect(answer.text.contains(message))
            #expect(browser.jar["__Host-exhaust_session"] == nil)
        }
        // The attacker's own sign-in, finished in the browser of somebody else.
        let attacker = Browser(api)
        let back = try scene.provider.signIn(await attacker.get("/v1/sign-in").fields["Location"] ?? "")
        await expectRefusal(Browser(api), back)
        let victim = Browser(api)
        _ = await victim.get("/v1/sign-in")
        await expectRefusal(victim, back)
        // Altered, empty or missing state; a cookie that is none of ours; several cookies; too late.
        for change in ["&state=x", "", "&state="] {
            let browser = Browser(api)
            _ = await browser.get("/v1/sign-in")
            await expectRefusal(browser, (back.split(separator: "&").first.map(String.init) ?? "") + change)
        }
        let forged = Browser(api)
        forged.jar["__Host-exhaust_sign_in"] = "AAAA"
        await expectRefusal(forged, back)
        scene.clock.advance(seconds: 600)
        await expectRefusal(attacker, back)
        #expect(scene.audit.all.allSatisfy { $0.action == .refused })
    }

    @Test func `another provider's answer and a call-off are refused`() async throws {
        let api = try scene.api()
        for (change, message) in [
            ("&iss=https%3A%2F%2Fevil.example.org", "another one answered"),
            ("&error=access_denied", "the sign-in was called off"), ("&error=x<script>", "it reports a failure"),
        ] {
            let browser = Browser(api)
            let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
            let isError = change.hasPrefix("&error")
            let address = (isError ? back.replacing("?code=", with: "?no=") : back) + change
            let answer = await browser.get(fromOtherSite: address)
            #expect(answer.status == 401)
            #expect(answer.text.contains("sign-in provider: \(message)"))
            #expect(!answer.text.contains("<script>"))
        }
    }

    @Test func `an ID token that is not right signs nobody in`() async throws {
        let second = scene.clock.now().milliseconds / 1000
        let forger = try SigningKey(generating: .rs256)
        let wrong: [(TestProvider.Changes, String)] = [
            (.init(identity: ["nonce": .string("x")]), "sign-in provider: its ID token belongs to another sign-in"),
            (.init(identity: ["nonce": JSONValue?.none]), "sign-in provider: its ID token belongs to another sign-in"),
            (.init(identity: ["aud": .string("account")]), "user token: it is for another audience"),
            (.init(identity: ["aud": JSONValue?.none]), "user token: it is for another audience"),
            (.init(identity: ["iss": .string("https://evil.example.org")]), "user token: it comes from another issuer"),
            (.init(identity: ["exp": .integer(second - 100)]), "user token: it has expired"),
            (
                .init(identity: ["azp": .string("portal")]),
                "sign-in provider: its ID token was made for another program"
            ), (.init(identity: ["sub": JSONValue?.none]), "sign-in provider: its ID token names nobody"),
            (.init(forger: forger), "user token: its signature is not right"),
        ]
        for (changes, message) in wrong {
            scene.provider.changes = changes
            let browser = Browser(try scene.api())
            let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
            let answer = await browser.get(fromOtherSite: back)
            #expect(answer.status == 401, "\(message)")
            #expect(answer.text.contains(message), "\(answer.text)")
            #expect(browser.jar["__Host-exhaust_session"] == nil)
        }
    }

    @Test func `an access token of somebody else lends nobody its roles`() async throws {
        for changes in [
            TestProvider.Changes(access: ["sub": .string("admin")]), TestProvider.Changes(hasOpaqueAccess: true),
        ] {
            scene.provider.changes = changes
            let browser = Browser(try scene.api())
            let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
            let answer = await browser.get(fromOtherSite: back)
            #expect(answer.status == 403)
            #expect(answer.text.contains("sign-in: you belong to no organisation"))
            #expect(scene.audit.all.last?.action == .refused && scene.audit.all.last?.userID != nil)
        }
        // Claims of the ID token count, and before those of the access token.
        scene.provider.changes = TestProvider.Changes(
            identity: ["rootOrgId": .string("org-8"), "realm_access": .members(("roles", .string("TEACHER")))])
        let browser = Browser(try scene.api())
        let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
        _ = await browser.get(fromOtherSite: back)
        let session = try await browser.get("/v1/session").json
        #expect(session["channel"] == .string("org-8"))
        #expect(session["roles"] == .array([.string("TEACHER")]))
    }

    @Test(arguments: [
        "https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "javascript:alert(1)", "", "/a b",
        "/%0d%0aSet-Cookie:x", "/v1/sign-out", "/\"><script>",
    ])
    func `one goes on at a page of ours alone`(path: String) async throws {
        let browser = Browser(try scene.api())
        let begun = await browser.get("/v1/sign-in?returnTo=\(PercentEncoding.encode(path))")
        let back = await browser.get(fromOtherSite: try scene.provider.signIn(begun.fields["Location"] ?? ""))
        #expect(back.status == 200)
        #expect(!back.text.contains("<script"))
        let isSafe = path == "/%0d%0aSet-Cookie:x" || path == "/\"><script>"
        #expect(back.text.contains("content=\"0;url=/\"") == !isSafe)
    }

    // MARK: A provider in trouble

    @Test func `a provider that is down or says wrong things of itself is not believed`() async throws {
        let wrong: [TestProvider.Changes] = [
            .init(isDown: true), .init(configuration: ["issuer": .string("https://evil.example.org")]),
            .init(configuration: ["token_endpoint": .string("http://sso.example.org/token")]),
            .init(configuration: ["jwks_uri": JSONValue?.none]),
            .init(configuration: ["authorization_endpoint": .string("javascript:alert(1)")]),
        ]
        for changes in wrong {
            scene.provider.changes = changes
            let answer = await Browser(try scene.api()).get("/v1/sign-in")
            #expect(answer.status == 503)
            #expect(answer.fields["Location"] == nil)
        }
    }

    @Test func `a provider that is down is asked once a second, and what it said of itself counts on`() async throws {
        let api = try scene.api()
        let configuration = "/.well-known/openid-configuration"
        scene.provider.changes = .init(isDown: true)
        for _ in 0..<3 { #expect(await Browser(api).get("/v1/sign-in").status == 503) }
        #expect(scene.provider.asked(configuration) == 1)
        scene.clock.advance(seconds: 1)
        scene.provider.changes = .init()
        #expect(await Browser(api).get("/v1/sign-in").status == 302)
        scene.clock.advance(seconds: 3_600)
        scene.provider.changes = .init(isDown: true)
        for _ in 0..<3 { #expect(await Browser(api).get("/v1/sign-in").status == 302) }
        #expect(scene.provider.asked(configuration) == 3)
    }

    @Test func `who signs out is signed out here, whatever else is down`() async throws {
        let browser = Browser(try scene.api())
        _ = await browser.get(
            fromOtherSite: try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? ""))
        let token = try #require(try await browser.get("/v1/session").json["csrfToken"]?.text)
        scene.audit.isBroken = true
        scene.provider.changes = .init(isDown: true)
        let out = await browser.post("/v1/sign-out", fields: ["X-CSRF-Token": token])
        #expect(out.status == 200)
        #expect(browser.jar["__Host-exhaust_session"] == nil)
        #expect(scene.log.events.contains("audit-failed"))
    }

    @Test func `a sign-in that cannot be written down does not happen`() async throws {
        let browser = Browser(try scene.api())
        let back = try scene.provider.signIn(await browser.get("/v1/sign-in").fields["Location"] ?? "")
        scene.audit.isBroken = true
        #expect(await browser.get(fromOtherSite: back).status == 503)
        #expect(browser.jar["__Host-exhaust_session"] == nil)
    }

    // MARK: The portal

    private func post(
        _ browser: Browser, origin: String?, body: String, type: String = "application/x-www-form-urlencoded"
    ) async -> HTTPResponse {
        var fields: HTTPFields = ["Content-Type": type]
        fields["Origin"] = origin
        return await browser.post("/v1/sign-in/portal", fields: fields, body: body)
    }

    @Test func `the portal signs a user in by his token`() async throws {
        let mode = SignIn.Mode.portal(
            origins: ["https://portal.example.org"], address: "https://portal.example.org/reports")
        let api = try scene.api(mode)
        let token = try scene.token()
        let form = "token=\(token)&returnTo=%2Frequests"
        let json = JSONValue.members(("token", .string(token))).compactText
        for (body, type) in [(form, "application/x-www-form-urlencoded; charset=utf-8"), (json, "application/json")] {
            let browser = Browser(api)
            let answer = await post(browser, origin: "https://portal.example.org", body: body, type: type)
            #expect(answer.status == 200, "\(answer.text)")
            let session = try await browser.get("/v1/session").json
            #expect(session["user"] == .string("user-7"))
            #expect(session["mode"] == .string("portal"))
            #expect(session["signInPath"] == .string("https://portal.example.org/reports"))
        }
        // A page of another site signs nobody in as somebody else.
        for origin in [nil, "", "null", "https://evil.example.org", "https://portal.example.org.evil.org"] {
            let browser = Browser(api)
            #expect(await post(browser, origin: origin, body: form).status == 403)
            #expect(browser.jar.isEmpty)
        }
        for (body, status) in [("token=", 400), ("", 400), ("token=rubbish", 401)] {
            #expect(await post(Browser(api), origin: "https://portal.example.org", body: body).status == status)
        }
        let plain = await post(Browser(api), origin: "https://portal.example.org", body: form, type: "text/plain")
        #expect(plain.status == 400)
        #expect(await Browser(api).get("/v1/sign-in").status == 404)
        #expect(scene.audit.all.last { $0.action == .refused }?.detail.hasPrefix("signInPortal: ") == true)
        #expect(await Browser(try scene.api()).post("/v1/sign-in/portal", body: form).status == 404)
    }

    @Test func `who comes from the portal with a token that is not right reads why, and gets back to it`() async throws
    {
        let portal = "https://portal.example.org"
        let api = try scene.api(.portal(origins: [portal], address: portal + "/reports"))
        let old = try scene.token(["exp": .integer(scene.clock.now().milliseconds / 1000 - 600)])
        let homeless = try scene.token(["rootOrgId": JSONValue?.none])
        for (origin, body, words) in [
            (portal, "token=\(old)", "user token: it has expired"), (portal, "token=", "token: it is missing"),
            ("https://evil.example.org", "token=\(old)", "not posted by a page of the portal"),
            (portal, "token=\(homeless)", "you belong to no organisation"),
        ] {
            let answer = await post(Browser(api), origin: origin, body: body)
            #expect((400..<500).contains(answer.status))
            #expect(answer.fields["Content-Type"]?.hasPrefix("text/html") == true)
            #expect(answer.text.contains(words) && answer.text.contains("href=\"\(portal)/reports\""))
        }
        // A script reads the answer itself.
        let json = JSONValue.members(("token", .string(old))).compactText
        let told = await post(Browser(api), origin: portal, body: json, type: "application/json")
        #expect(try told.status == 401 && told.json["title"]?.text == "user token: it has expired")
        #expect(scene.audit.all.count { $0.action == .refused } == 4)
    }

    @Test func `attempts of one address are limited`() async throws {
        let browser = Browser(try scene.api())
        var statuses: [Int] = []
        for _ in 0..<61 { statuses.append(await browser.get("/v1/sign-in").status) }
        #expect(statuses.prefix(60).allSatisfy { $0 == 302 })
        #expect(statuses.last == 429)
    }
}
