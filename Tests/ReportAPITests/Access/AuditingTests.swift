import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import ReportAPI

@Suite struct AuditingTests {
    private let scene: AccessScene
    private let caller = Caller(credential: .token, channel: "org-7", userID: "user-7", consumerID: "portal")

    init() throws { scene = try AccessScene() }

    @Test func `who, what, when and from where are written down`() async throws {
        let key = RequestKey(tag: "t:org-7", requestID: "R1")
        try await scene.auditing.note(
            .download, by: caller, of: HTTPRequest(method: .get, path: "/", peer: "192.0.2.7"),
            report: "progress-exhaust", about: key, batches: ["b1"], detail: "file 0")
        var entry = AuditEntry(
            action: .download, userID: "user-7", consumerID: "portal", channel: "org-7", report: "progress-exhaust",
            request: key, batches: ["b1"], address: "192.0.2.7", detail: "file 0")
        entry.at = scene.clock.now()
        #expect(scene.audit.all == [entry])
    }

    @Test func `what cannot be written down is not done`() async throws {
        scene.audit.isBroken = true
        let error = await #expect(throws: ExhaustError.self) {
            try await scene.auditing.note(.download, by: caller, of: HTTPRequest(method: .get, path: "/"))
        }
        #expect(error?.code == .unavailable)
        #expect(scene.log.events == ["audit-failed"])
    }

    @Test func `refusals are written down, with what the caller said of himself cut short`() async throws {
        let api = try scene.api()
        let channel = String(repeating: "x", count: 5_000)
        _ = await api.respond(
            to: HTTPRequest(
                method: .get, path: "/v1/thing", fields: ["X-Channel-ID": channel, "X-Consumer-ID": "evil"]))
        let entry = try #require(scene.audit.all.first)
        #expect(entry.action == .refused)
        #expect(entry.detail.hasPrefix("thing: Given X-Consumer-ID='evil'"))
        #expect(entry.channel.utf8.count == 300 && entry.detail.utf8.count == 300)
        #expect(entry.userID == nil)
    }

    @Test func `who is known is named when he is refused`() async throws {
        let api = try scene.api()
        let fields: HTTPFields = ["X-Channel-ID": "org-8", "x-authenticated-user-token": try scene.token()]
        _ = await api.respond(to: HTTPRequest(method: .get, path: "/v1/thing", fields: fields))
        #expect(scene.audit.all.map(\.userID) == ["user-7"])
        #expect(scene.audit.all.map(\.channel) == ["org-7"])
        #expect(scene.audit.all.map(\.detail) == ["thing: You are not authorized."])
    }

    @Test func `a refusal stays one when it cannot be written down`() async throws {
        scene.audit.isBroken = true
        #expect(await (try scene.api()).respond(to: HTTPRequest(method: .get, path: "/v1/thing")).status == 401)
    }

    @Test func `nobody fills the disk with refusals`() async throws {
        let api = try scene.api()
        for _ in 0..<500 { _ = await api.respond(to: HTTPRequest(method: .get, path: "/v1/thing", peer: "192.0.2.1")) }
        #expect(scene.audit.all.count == 60)
        _ = await api.respond(to: HTTPRequest(method: .get, path: "/v1/thing", peer: "192.0.2.2"))
        #expect(scene.audit.all.count == 61)
        scene.clock.advance(seconds: 20)
        for _ in 0..<500 { _ = await api.respond(to: HTTPRequest(method: .get, path: "/v1/thing", peer: "192.0.2.1")) }
        #expect(scene.audit.all.count == 71)
    }

    @Test func `all addresses of a network, and all networks together, write down only so much`() async throws {
        let api = try scene.api()
        func refuse(_ peer: String) async {
            _ = await api.respond(to: HTTPRequest(method: .get, path: "/v1/thing", peer: peer))
        }
        for number in 1...200 { await refuse("2001:db8:0:7::\(number)") }
        #expect(scene.audit.all.count == 60)
        for number in 1...2_000 { await refuse("10.0.\(number / 250).\(number % 250)") }
        #expect(scene.audit.all.count == Int(Auditing.refusalsOfAll.burst))
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "20010db800000000"), ("[2001:db8::2]", "20010db800000000"),
        ("fe80::1%eth0", "fe80000000000000"), ("unknown", "unknown"),
    ])
    func `addresses of one network count as one`(address: String, network: String) {
        #expect(ClientAddress.network(of: address) == network)
    }

    // MARK: Claims

    @Test(arguments: [
        (#"{"sub":"u1"}"#, "u1"), (#"{"sub":"f:5a8a-3f2b:u1"}"#, "u1"), (#"{"sub":"f:p:a:b"}"#, "a:b"),
        (#"{"sub":"f:u1"}"#, "f:u1"), (#"{"sub":"g:p:u1"}"#, "g:p:u1"), (#"{"sub":"f:p:"}"#, nil),
        (#"{"sub":""}"#, nil),
        (#"{"sub":5}"#, nil), (#"{"sub":"a b"}"#, nil), ("{}", nil),
    ])
    func `the user's id is found in Keycloak's form too`(claims: String, id: String?) throws {
        #expect(try ClaimRules().userID(JSONValue(parsing: claims)) == id)
    }

    @Test(arguments: [
        (#"{"realm_access":{"roles":["A","B"]}}"#, ["A", "B"]), (#"{"realm_access.roles":["A"]}"#, ["A"]),
        (#"{"realm_access":{"roles":"A B,C"}}"#, ["A", "B", "C"]),
        (#"{"realm_access":{"roles":[{"role":"A","scope":[]},{"x":1},5]}}"#, ["A"]),
        (#"{"realm_access":{"roles":{}}}"#, []), (#"{"realm_access":["roles"]}"#, []), ("{}", []),
    ])
    func `roles are found in every form that providers write`(claims: String, roles: [String]) throws {
        #expect(try ClaimRules().roleNames(JSONValue(parsing: claims)) == Set(roles))
    }

    @Test func `an organisation of the setting counts where the token names none`() throws {
        var rules = ClaimRules()
        #expect(rules.organisationID(.object([])) == nil)
        rules.usualOrganisation = "org-1"
        #expect(rules.organisationID(.object([])) == "org-1")
        #expect(rules.organisationID(.members(("rootOrgId", .string("org-2")))) == "org-2")
        rules.organisation = "org.root.id"
        let nested = JSONValue.members(("org", .members(("root", .members(("id", .string("org-3")))))))
        #expect(rules.organisationID(nested) == "org-3")
    }
}
