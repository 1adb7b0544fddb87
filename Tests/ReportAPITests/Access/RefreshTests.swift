import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import Testing
import WebTokens

@Suite struct RefreshTests {
    private let scene: AccessScene

    init() throws { scene = try AccessScene() }

    // MARK: Keys

    @Test func `keys are read once and kept`() async throws {
        let keys = scene.keys
        for _ in 0..<5 { #expect(try await keys.keys(for: "k1").map(\.name) == ["k1"]) }
        #expect(scene.provider.asked("/certs") == 1)
        scene.clock.advance(seconds: 3_600)
        _ = try await keys.keys(for: "k1")
        #expect(scene.provider.asked("/certs") == 2)
    }

    @Test func `a changed key is found at once, but unknown names do not ask the provider again and again`()
        async throws
    {
        let access = scene.access()
        func ask() async throws -> Caller {
            let fields: HTTPFields = ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token()]
            return try await access.caller(of: HTTPRequest(method: .get, path: "/v1/thing", fields: fields))
        }
        _ = try await ask()
        try scene.provider.changeKey()
        await #expect(
            throws: ExhaustError(.unauthenticated, "user token: it was signed by a key that is not known here")
        ) {
            try await ask()
        }
        scene.clock.advance(seconds: 60)
        #expect(try await ask().userID == "user-7")
        #expect(scene.provider.asked("/certs") == 2)
        let keys = scene.keys
        for number in 0..<50 { _ = try await keys.keys(for: "unknown \(number)") }
        #expect(scene.provider.asked("/certs") == 3)
    }

    @Test func `many who need the keys at once wait for one reading`() async throws {
        let keys = scene.keys
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await keys.keys(for: "k1").count } }
            for try await count in group { #expect(count == 1) }
        }
        #expect(scene.provider.asked("/certs") == 1)
    }

    @Test func `while the provider is down the keys that were read count for a day`() async throws {
        let keys = scene.keys
        _ = try await keys.keys(for: "k1")
        scene.provider.changes.keyStatus = 503
        scene.clock.advance(seconds: 86_399)
        #expect(try await keys.keys(for: "k1").count == 1)
        #expect(scene.log.events == ["token-keys-not-read"])
        scene.clock.advance(seconds: 1)
        let error = await #expect(throws: ExhaustError.self) { try await keys.keys(for: "k1") }
        #expect(error?.code == .unavailable)
        scene.provider.changes.keyStatus = 200
        scene.clock.advance(seconds: 60)
        #expect(try await keys.keys(for: "k1").count == 1)
    }

    @Test func `without any keys a token is neither right nor wrong`() async throws {
        scene.provider.changes.isDown = true
        let fields: HTTPFields = ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token()]
        await scene.expectRefusal(fields, .unavailable, "keys of user tokens: they cannot be read now")
    }

    @Test func `a file of keys is PEM or a key set`() throws {
        let key = try SigningKey(generating: .rs256)
        #expect(try TokenKeySource.keys(inFile: key.publicPEM(), name: "f").map(\.name) == [nil])
        let set = JSONValue.members(("keys", .array([try key.published(as: "a")]))).prettyText
        #expect(try TokenKeySource.keys(inFile: Array("\n \(set)".utf8), name: "f").map(\.name) == ["a"])
        for text in ["{\"keys\":[]}", "{}", "", "ssh-rsa AAAA"] {
            #expect(throws: ExhaustError.self) { try TokenKeySource.keys(inFile: Array(text.utf8), name: "f") }
        }
    }

    // MARK: Consumers

    @Test func `a change of the consumer table counts from the next refresh on`() async throws {
        let cached = scene.cached
        #expect(try await cached.isAllowed(consumer: "c1", channel: "org-7"))
        scene.consumers.rows = [ConsumerChannel(consumer: "c2", channel: "org-7")]
        #expect(try await cached.isAllowed(consumer: "c1", channel: "org-7"))
        scene.clock.advance(seconds: 3_600)
        #expect(try await !cached.isAllowed(consumer: "c1", channel: "org-7"))
        #expect(try await cached.isAllowed(consumer: "c2", channel: "org-7"))
        #expect(scene.consumers.reads == 2)
    }

    @Test func `a table that cannot be read leaves what was read, or lets nobody in`() async throws {
        let cached = scene.cached
        scene.consumers.isBroken = true
        let error = await #expect(throws: ExhaustError.self) {
            try await cached.isAllowed(consumer: "c1", channel: "org-7")
        }
        #expect(error?.code == .unavailable)
        scene.consumers.isBroken = false
        #expect(try await cached.isAllowed(consumer: "c1", channel: "org-7"))
        scene.consumers.isBroken = true
        scene.clock.advance(seconds: 3_600)
        for _ in 0..<5 { #expect(try await cached.isAllowed(consumer: "c1", channel: "org-7")) }
        #expect(scene.consumers.reads == 3)
        #expect(scene.log.events == ["consumers-not-read", "consumers-not-read"])
    }

    @Test func `refresh-cache reads the table at once, for those who may`() async throws {
        var scene = scene
        scene.rules.trustsConsumers = true
        let api = try scene.api()
        func refresh(_ fields: HTTPFields, _ name: String = "ConsumerChannel") async -> HTTPResponse {
            await api.respond(to: HTTPRequest(method: .get, path: "/refresh-cache/\(name)", fields: fields))
        }
        let consumer: HTTPFields = ["X-Channel-ID": "org-7", "X-Consumer-ID": "c1"]
        let answer = await refresh(consumer)
        #expect(answer.status == 200)
        #expect(try answer.json["id"]?.text == "org.ekstep.analytics.telemetry.exhaust")
        #expect(try answer.json["result"]?["msg"]?.text == "ConsumerChannel cache refreshed successfully")
        #expect(await refresh(consumer, "Device").status == 404)
        #expect(await refresh([:]).status == 403)
        func user(_ role: String) throws -> HTTPFields {
            let roles = JSONValue.members(("roles", .array([.string(role)])))
            return [
                "X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(["realm_access": roles]),
            ]
        }
        #expect(await refresh(try user("ORG_ADMIN")).status == 200)
        #expect(await refresh(try user("COURSE_MENTOR")).status == 403)
        scene.consumers.isBroken = true
        #expect(await refresh(try user("ORG_ADMIN")).status == 500)
    }
}
