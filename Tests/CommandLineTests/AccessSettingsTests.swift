import ReportModel
import ReportTesting
import Settings
import Testing

@testable import exhaust

@Suite struct AccessSettingsTests {
    private static let loopback = AccessComposition.Listening(isLoopback: true, hasTLS: false)
    private static let open = AccessComposition.Listening(isLoopback: false, hasTLS: true)

    private func check(
        _ variables: [String: String], _ listening: AccessComposition.Listening = open, users: Bool = false
    ) throws {
        let environment = Dictionary(uniqueKeysWithValues: variables.map { ("EXHAUST_\($0.key)", $0.value) })
        let settings = try Settings(configFile: nil, environment: environment, reports: [])
        try AccessComposition.check(settings, listening, hasUserService: users)
    }

    private static let tokens = [
        "ACCESS_TOKEN_KEYS": "https://sso.example.org/certs", "ACCESS_TOKEN_ISSUERS": "https://sso.example.org",
    ]
    private static let portal = tokens.merging([
        "SIGNIN_PORTALORIGINS": "https://portal.example.org", "HTTP_ADDRESS": "https://reports.example.org",
    ]) { $1 }
    private static let provider = [
        "SIGNIN_ISSUER": "https://sso.example.org/realms/r", "HTTP_ADDRESS": "https://reports.example.org",
    ]

    @Test func `nothing is served where nothing says who may do what`() {
        for listening in [Self.loopback, Self.open] {
            #expect(throws: ExhaustError(.refused, "setting access: nothing says who may do what")) {
                try check([:], listening)
            }
        }
    }

    @Test func `every way in is enough by itself`() throws {
        try check(Self.tokens)
        try check(Self.provider)
        try check(["ACCESS_CONSUMERS": "true", "ACCESS_GATEWAYSECRET": "x"])
        try check(["ACCESS_CONSUMERS": "true"], Self.loopback)
        try check(["ACCESS_CONSUMERS": "true", "ACCESS_ONLYGATEWAYCONNECTS": "true"])
        try check(["ACCESS_TOKEN_KEYS": "/etc/exhaust/key.pem"])
        try check(Self.portal)
        try check(Self.tokens.merging(["ACCESS_USERS": "service"]) { $1 }, users: true)
        try check(
            ["SIGNIN_ISSUER": "http://127.0.0.1:5556/dex", "HTTP_ADDRESS": "http://127.0.0.1:8080"], Self.loopback)
    }

    @Test func `the demo is for this machine, and for nothing else`() throws {
        try check(["ACCESS_DEMO": "true"], Self.loopback)
        let message = "everybody who can connect could do everything, and not only this machine can"
        #expect(throws: ExhaustError(.refused, "setting access.demo: \(message)")) {
            try check(["ACCESS_DEMO": "true"], Self.open)
        }
        #expect(throws: ExhaustError.self) {
            try check(Self.tokens.merging(["ACCESS_DEMO": "true"]) { $1 }, Self.loopback)
        }
    }

    @Test(arguments: [
        (["ACCESS_TOKEN_KEYS": "http://sso.example.org/certs"], "access.token.keys"),
        (["ACCESS_TOKEN_ISSUERS": ""], "access.token.issuers"), (["ACCESS_USERS": "service"], "access.users"),
        (["ACCESS_ROLES": "ORG_ADMIN, PUBLIC"], "access.roles"),
        (["ACCESS_ORGANISATIONROLES": "public"], "access.roles"),
        (["SIGNIN_ISSUER": "http://sso.example.org"], "signIn.issuer"),
        (["SIGNIN_ISSUER": "https://sso.example.org"], "http.address"),
        (
            ["SIGNIN_ISSUER": "https://sso.example.org", "HTTP_ADDRESS": "http://reports.example.org"],
            "http.address"
        ),
        (
            [
                "SIGNIN_ISSUER": "https://sso.example.org", "HTTP_ADDRESS": "https://reports.example.org",
                "SIGNIN_SCOPES": "profile",
            ], "signIn.scopes"
        ), (["SIGNIN_PORTALORIGINS": "https://portal.example.org/page"], "signIn.portalOrigins"),
        (["SIGNIN_PORTALORIGINS": "http://portal.example.org"], "signIn.portalOrigins"),
        (["SIGNIN_PORTALORIGINS": "*"], "signIn.portalOrigins"),
        (
            ["SIGNIN_PORTALORIGINS": "https://portal.example.org", "SIGNIN_ISSUER": "https://sso.example.org"],
            "signIn.portalOrigins"
        ),
    ])
    func `what leaves something open, or contradicts itself, stops the start`(
        changes: [String: String], setting: String
    ) throws {
        let error = #expect(throws: ExhaustError.self) { try check(Self.tokens.merging(changes) { $1 }) }
        #expect(error?.code == .refused)
        #expect(error?.message.hasPrefix("setting \(setting): ") == true, "\(error?.message ?? "")")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func `consumers whom anybody could name stop the start where anybody can connect`() throws {
        let error = #expect(throws: ExhaustError.self) { try check(["ACCESS_CONSUMERS": "true"]) }
        #expect(error?.message.hasPrefix("setting access.gatewaySecret: ") == true)
    }

    @Test func `behind a proxy, and in the portal's mode, the service has to know its address`() throws {
        let behind = AccessComposition.Listening(isLoopback: true, hasTLS: false, proxies: 1)
        try check(Self.portal, behind)
        for variables in [Self.tokens, Self.portal.merging(["HTTP_ADDRESS": ""]) { $1 }] {
            let error = #expect(throws: ExhaustError.self) { try check(variables, behind) }
            #expect(error?.message.hasPrefix("setting http.address: ") == true)
        }
        #expect(throws: ExhaustError.self) {
            try check(Self.portal.merging(["HTTP_ADDRESS": "http://reports.example.org"]) { $1 })
        }
    }

    @Test func `unwise settings draw a warning`() throws {
        func warnings(_ variables: [String: String]) throws -> [String] {
            AccessComposition.warnings(try Settings(configFile: nil, environment: variables, reports: []))
        }
        #expect(try warnings([:]).isEmpty)
        #expect(try warnings(["EXHAUST_ACCESS_CONSUMERS": "true"]).count == 1)
        #expect(try warnings(["EXHAUST_ACCESS_CONSUMERS": "true", "EXHAUST_ACCESS_GATEWAYSECRET": "x"]).isEmpty)
        let keys = ["EXHAUST_ACCESS_TOKEN_KEYS": "k.pem"]
        for (name, other) in [("ISSUERS", "AUDIENCES"), ("AUDIENCES", "ISSUERS")] {
            let found = try warnings(keys.merging(["EXHAUST_ACCESS_TOKEN_\(other)": "x"]) { $1 })
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix("setting access.token.\(name.lowercased()): it is empty") == true)
        }
    }
}
