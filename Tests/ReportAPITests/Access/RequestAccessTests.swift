import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import Testing

@testable import ReportAPI

@Suite struct RequestAccessTests {
    private var scene: AccessScene

    init() throws { scene = try AccessScene() }

    private func caller(_ fields: HTTPFields) async throws -> Caller {
        try await scene.access().caller(of: HTTPRequest(method: .get, path: "/request/list/t", fields: fields))
    }

    // MARK: Consumers

    @Test func `a consumer of the table acts for its channel`() async throws {
        let caller = try await caller(["X-Channel-ID": "org-7", "X-Consumer-ID": "c1"])
        #expect(caller == Caller(credential: .consumer, channel: "org-7", consumerID: "c1"))
    }

    @Test(arguments: ["", "c2", "C1", "c1 ", "c1\u{0}"])
    func `another consumer is refused in upstream's words`(consumer: String) async {
        await scene.expectRefusal(
            ["X-Channel-ID": "org-7", "X-Consumer-ID": consumer], .forbidden,
            "Given X-Consumer-ID='\(consumer)' and X-Channel-ID='org-7' are not authorized")
    }

    @Test func `a row without a consumer lets nobody in`() async throws {
        scene.consumers.rows = [ConsumerChannel(consumer: "", channel: "org-7")]
        await scene.expectRefusal(
            ["X-Channel-ID": "org-7"], .forbidden,
            "Given X-Consumer-ID='' and X-Channel-ID='org-7' are not authorized")
    }

    @Test func `the channel comes first`() async {
        let message = "X-Channel-ID is missing in request header"
        await scene.expectRefusal(["X-Consumer-ID": "c1"], .forbidden, message)
        await scene.expectRefusal(["X-Channel-ID": "", "X-Consumer-ID": "c1"], .forbidden, message)
        await scene.expectRefusal([:], .forbidden, message)
        await scene.expectRefusal(["x-authenticated-user-token": "rubbish"], .forbidden, message)
    }

    @Test func `nobody at our own operations is told to sign in`() async {
        await scene.expectRefusal([:], .unauthenticated, "nobody is signed in", path: "/v1/requests")
        await scene.expectRefusal(
            [:], .forbidden, "X-Channel-ID is missing in request header", path: "/v1/jobrequest/list/t")
    }

    @Test func `consumers count only where a gateway sets them`() async throws {
        var scene = scene
        let fields: HTTPFields = ["X-Channel-ID": "org-7", "X-Consumer-ID": "c1"]
        let message = "Given X-Consumer-ID='c1' and X-Channel-ID='org-7' are not authorized"
        scene.rules.gatewaySecret = SecretBytes(Array("between us".utf8))
        await scene.expectRefusal(fields, .forbidden, message)
        var wrong = fields
        wrong["X-Gateway-Secret"] = "between uz"
        await scene.expectRefusal(wrong, .forbidden, message)
        var right = fields
        right["X-Gateway-Secret"] = "between us"
        _ = try await scene.access().caller(of: HTTPRequest(method: .get, path: "/request/list/t", fields: right))
        scene.rules.trustsConsumers = false
        await scene.expectRefusal(right, .forbidden, message)
    }

    @Test func `a consumer that need not be true is not told of a user either`() async throws {
        var scene = scene
        scene.rules.gatewaySecret = SecretBytes(Array("between us".utf8))
        let caller = try await scene.access().caller(
            of: HTTPRequest(
                method: .get, path: "/request/list/t",
                fields: [
                    "X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(), "X-Consumer-ID": "c1",
                ]))
        #expect(caller.userID == "user-7" && caller.consumerID == nil)
    }

    @Test func `behind a gateway that names a consumer for everybody the page goes by its session`() async throws {
        let begun = try await scene.sessions.begin(
            KnownUser(id: "user-7", roles: ["ORG_ADMIN"], organisation: "org-7"))
        let cookie = String(begun.setCookie.prefix { $0 != ";" })
        for trusts in [true, false] {
            var scene = scene
            scene.rules.trustsConsumers = trusts
            let fields: HTTPFields = ["Cookie": cookie, "X-Consumer-ID": "c1"]
            let caller = try await scene.access().caller(
                of: HTTPRequest(method: .get, path: "/v1/requests", fields: fields))
            #expect(caller.credential == .session && caller.userID == "user-7")
        }
        // A program behind the gateway has no session.
        let program = try await scene.access().caller(
            of: HTTPRequest(
                method: .get, path: "/v1/requests", fields: ["X-Channel-ID": "org-7", "X-Consumer-ID": "c1"]))
        #expect(program.credential == .consumer)
    }

    // MARK: Users

    @Test func `a user acts for his root organisation, in its own spelling`() async throws {
        let token = try scene.token()
        for channel in ["org-7", "ORG-7"] {
            let caller = try await caller([
                "X-Channel-ID": channel, "x-authenticated-user-token": token, "X-Authenticated-Userid": "user-7",
                "X-Consumer-ID": "portal",
            ])
            #expect(
                caller
                    == Caller(
                        credential: .token, channel: "org-7", userID: "user-7", consumerID: "portal",
                        roles: ["ORG_ADMIN"]))
        }
    }

    @Test func `an empty token is no token`() async throws {
        let caller = try await caller([
            "X-Channel-ID": "org-7", "X-Consumer-ID": "c1", "x-authenticated-user-token": "",
        ])
        #expect(caller.credential == .consumer)
    }

    @Test func `a token that is not right is not replaced by a consumer that is`() async throws {
        await scene.expectRefusal(
            ["X-Channel-ID": "org-7", "X-Consumer-ID": "c1", "x-authenticated-user-token": "rubbish"], .unauthenticated,
            "user token: it is not three Base64 texts with dots between")
    }

    @Test func `another organisation, and the name of another user, are refused`() async throws {
        let token = try scene.token()
        let fields: [HTTPFields] = [
            ["X-Channel-ID": "org-8", "x-authenticated-user-token": token],
            ["X-Channel-ID": "org-7", "x-authenticated-user-token": token, "X-Authenticated-Userid": "user-8"],
            [
                "X-Channel-ID": "org-7", "x-authenticated-user-token": token,
                "X-Authenticated-Userid": "f:11-22:user-7",
            ],
            ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(["rootOrgId": JSONValue?.none])],
            ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(["rootOrgId": .string("")])],
        ]
        for fields in fields { await scene.expectRefusal(fields, .forbidden, "You are not authorized.") }
    }

    @Test func `what is wrong with a token is said`() async throws {
        let second = scene.clock.now().milliseconds / 1000
        let wrong: [([String: JSONValue?], String)] = [
            (["exp": .integer(second - 61)], "it has expired"), (["nbf": .integer(second + 61)], "it is not valid yet"),
            (["iss": .string("https://evil.example.org")], "it comes from another issuer"),
            (["aud": .string("account")], "it is for another audience"),
            (["sub": JSONValue?.none], "it does not say who the user is"),
            (["sub": .string("")], "it does not say who the user is"),
            (["sub": .string("a\nb")], "it does not say who the user is"),
        ]
        for (changes, message) in wrong {
            await scene.expectRefusal(
                ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(changes)], .unauthenticated,
                "user token: \(message)")
        }
    }

    @Test func `users can be asked for at the user service, once a minute`() async throws {
        var scene = scene
        let users = MemoryUsers(["user-7": UserRecord(rootOrganisation: "org-7", roles: ["COURSE_MENTOR"])])
        scene.users = users
        let access = scene.access()
        let fields: HTTPFields = ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token()]
        let request = HTTPRequest(method: .get, path: "/request/list/t", fields: fields)
        for _ in 0..<3 { #expect(try await access.caller(of: request).roles == ["COURSE_MENTOR"]) }
        #expect(users.asked == ["user-7"])
        scene.clock.advance(seconds: 60)
        _ = try await access.caller(of: request)
        #expect(users.asked.count == 2)
        await scene.expectRefusal(
            ["X-Channel-ID": "org-7", "x-authenticated-user-token": try scene.token(["sub": .string("stranger")])],
            .forbidden, "user not found.")
    }

    // MARK: Datasets and batches

    private func user(_ roles: Set<String>) -> Caller {
        Caller(credential: .token, channel: "org-7", userID: "user-7", roles: roles)
    }

    private func dataset(roles: [String]?) -> DatasetMetadata {
        DatasetMetadata(
            datasetID: "progress-exhaust", subID: "progress-exhaust", visibility: "private", type: "on-demand",
            version: "v1", authorizedRoles: roles, availableFrom: nil)
    }

    @Test func `roles are those of the dataset, else those of the setting`() throws {
        let access = scene.access()
        try access.check(user(["PUBLIC", "REPORT_ADMIN"]), dataset: "progress-exhaust", metadata: nil)
        try access.check(user(["TEACHER"]), dataset: "progress-exhaust", metadata: dataset(roles: ["TEACHER"]))
        try access.check(user(["ORG_ADMIN"]), dataset: "progress-exhaust", metadata: dataset(roles: nil))
        let refused: [(Set<String>, DatasetMetadata?)] = [
            (["PUBLIC"], nil), ([], nil), (["org_admin"], nil), (["ORG_ADMIN"], dataset(roles: ["TEACHER"])),
            (["ORG_ADMIN"], dataset(roles: [])), ([], dataset(roles: [])),
        ]
        for (roles, metadata) in refused {
            #expect(throws: ExhaustError.notAuthorised) {
                try access.check(user(roles), dataset: "progress-exhaust", metadata: metadata)
            }
        }
        let consumer = Caller(credential: .consumer, channel: "org-7", consumerID: "c1")
        try access.check(consumer, dataset: "progress-exhaust", metadata: dataset(roles: []))
    }

    private func batch(createdBy: String? = nil, mentors: [String] = []) -> BatchRecord {
        BatchRecord(key: BatchKey(collection: "c", batch: "b"), createdBy: createdBy, mentors: mentors)
    }

    @Test func `mentors get the batches that they made or mentor, administrators all`() throws {
        let access = scene.access()
        let own = [batch(createdBy: "user-7"), batch(createdBy: "x", mentors: ["y", "user-7"])]
        try access.check(user(["COURSE_MENTOR"]), batches: own)
        try access.check(user(["CONTENT_CREATOR", "PUBLIC"]), batches: [])
        let foreign = [batch(), batch(createdBy: "x", mentors: ["y"]), batch(createdBy: "USER-7")]
        for batch in foreign {
            let others: [Set<String>] = [["COURSE_MENTOR"], ["CONTENT_CREATOR"], ["TEACHER"], []]
            for roles in others {
                #expect(throws: ExhaustError.notAuthorised) {
                    try access.check(user(roles), batches: own + [batch])
                }
            }
            for role in ["ORG_ADMIN", "REPORT_ADMIN", "COURSE_ADMIN"] {
                try access.check(user([role, "COURSE_MENTOR"]), batches: [batch])
            }
            try access.check(Caller(credential: .consumer, channel: "org-7", consumerID: "c1"), batches: [batch])
        }
    }

    @Test func `the setting decides for everybody`() throws {
        var scene = scene
        scene.rules.batchScope = .organisation
        try scene.access().check(user(["COURSE_MENTOR"]), batches: [batch()])
        scene.rules.batchScope = .mentor
        let access = scene.access()
        #expect(throws: ExhaustError.notAuthorised) { try access.check(user(["ORG_ADMIN"]), batches: [batch()]) }
    }

    @Test func `nobody files in the name of another`() throws {
        #expect(try user([]).requester(named: nil) == "user-7")
        #expect(try user([]).requester(named: "") == "user-7")
        #expect(try user([]).requester(named: "user-7") == "user-7")
        #expect(throws: ExhaustError.notAuthorised) { try user([]).requester(named: "user-8") }
        let consumer = Caller(credential: .consumer, channel: "org-7", consumerID: "c1")
        #expect(try consumer.requester(named: "user-8") == "user-8")
        #expect(try consumer.requester(named: nil) == "")
    }
}
