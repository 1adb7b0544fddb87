import HTTPClient
import HTTPMessages
import ReportModel
import ReportTesting
import SecureArchive
import Synchronization
import WebTokens

/// An OpenID Connect provider of the tests' own, which signs real tokens, checks PKCE and takes a code once.
final class TestProvider: WebClient {
    struct Changes: Sendable {
        /// Members put into ID tokens, or left out where nil.
        var identity: [String: JSONValue?] = [:]
        /// Members put into access tokens.
        var access: [String: JSONValue?] = [:]
        /// Members put into the configuration.
        var configuration: [String: JSONValue?] = [:]
        /// Whether nothing is answered.
        var isDown = false
        /// The status of the key set.
        var keyStatus = 200
        /// Signs instead of the right key.
        var forger: SigningKey?
        /// Whether the access token is no web token.
        var hasOpaqueAccess = false
    }

    private struct Grant { var challenge: String, nonce: String, redirect: String }

    private struct State {
        var changes = Changes()
        var keyName = "k1"
        var key: SigningKey
        var grants: [String: Grant] = [:]
        var asked: [String: Int] = [:]
        var lastForm = QueryItems()
        var lastFields = HTTPFields()
    }

    static let issuer = "https://sso.example.org/realms/r"
    static let secret = "s&cret"
    private static let firstKey = Result { try SigningKey(generating: .rs256) }

    private let state: Mutex<State>
    private let clock: ManualClock

    init(clock: ManualClock) throws {
        self.clock = clock
        state = Mutex(State(key: try Self.firstKey.get()))
    }

    var changes: Changes {
        get { state.withLock { $0.changes } }
        set { state.withLock { $0.changes = newValue } }
    }
    var lastForm: QueryItems { state.withLock { $0.lastForm } }
    var lastFields: HTTPFields { state.withLock { $0.lastFields } }

    /// How often a path was asked for.
    func asked(_ path: String) -> Int { state.withLock { $0.asked[path] ?? 0 } }

    /// Signs with a new key from now on.
    func changeKey() throws {
        let key = try SigningKey(generating: .es256)
        state.withLock { state in
            state.keyName = "k2"
            state.key = key
        }
    }

    /// A token that this provider signs.
    func token(_ claims: JSONValue) throws -> String {
        let (key, name) = state.withLock { ($0.changes.forger ?? $0.key, $0.keyName) }
        return try TokenMint(key: key, keyName: name).token(claims)
    }

    /// Somebody signs in at `address`; answers where the browser is sent.
    func signIn(_ address: String) throws -> String {
        let query = QueryItems(parsing: address.drop { $0 != "?" }.dropFirst())
        let code = Base64URL.encode(try RandomBytes.make(count: 8))
        let redirect = query["redirect_uri"] ?? ""
        state.withLock { state in
            state.grants[code] = Grant(
                challenge: query["code_challenge"] ?? "", nonce: query["nonce"] ?? "", redirect: redirect)
        }
        return "\(redirect)?code=\(code)&state=\(query["state"] ?? "")"
    }

    func send(_ request: WebRequest) async throws -> WebAnswer {
        let path = request.url.hasPrefix(Self.issuer) ? String(request.url.dropFirst(Self.issuer.count)) : request.url
        let changes = state.withLock { state in
            state.asked[path, default: 0] += 1
            return state.changes
        }
        if changes.isDown { throw ExhaustError(.unavailable, "sso.example.org: no answer") }
        switch path {
        case "/.well-known/openid-configuration": return Self.json(configuration(changes))
        case "/certs":
            let (key, name) = state.withLock { ($0.key, $0.keyName) }
            let set = JSONValue.members(("keys", .array([try key.published(as: name)])))
            return changes.keyStatus == 200 ? Self.json(set) : WebAnswer(status: changes.keyStatus)
        case "/token": return try exchange(request)
        default: return WebAnswer(status: 404)
        }
    }

    private func configuration(_ changes: Changes) -> JSONValue {
        Self.changed(
            .members(
                ("issuer", .string(Self.issuer)), ("authorization_endpoint", .string(Self.issuer + "/auth")),
                ("token_endpoint", .string(Self.issuer + "/token")), ("jwks_uri", .string(Self.issuer + "/certs")),
                ("end_session_endpoint", .string(Self.issuer + "/logout"))), changes.configuration)
    }

    private func exchange(_ request: WebRequest) throws -> WebAnswer {
        guard case .bytes(let body) = request.body else { return WebAnswer(status: 400) }
        let form = QueryItems(parsing: String(decoding: body, as: UTF8.self))
        let (grant, changes) = state.withLock { state in
            state.lastForm = form
            state.lastFields = request.fields
            return (state.grants.removeValue(forKey: form["code"] ?? ""), state.changes)
        }
        let challenge = Base64URL.encode(try SHA256.hash(Array((form["code_verifier"] ?? "").utf8)))
        guard let grant, grant.challenge == challenge, grant.redirect == form["redirect_uri"],
            form["grant_type"] == "authorization_code"
        else { return WebAnswer(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8)) }
        let second = clock.now().milliseconds / 1000
        let common = JSONValue.members(
            ("iss", .string(Self.issuer)), ("sub", .string("f:11-22:user-7")), ("exp", .integer(second + 300)),
            ("iat", .integer(second)))
        let identity = Self.changed(
            common, ["aud": .string("exhaust"), "nonce": .string(grant.nonce)].merging(changes.identity) { $1 })
        let access = Self.changed(
            common,
            [
                "realm_access": .members(("roles", .array([.string("ORG_ADMIN"), .string("PUBLIC")]))),
                "rootOrgId": .string("org-7"),
            ].merging(changes.access) { $1 })
        return Self.json(
            .members(
                ("token_type", .string("Bearer")), ("id_token", .string(try token(identity))),
                ("access_token", .string(changes.hasOpaqueAccess ? "opaque" : try token(access)))))
    }

    static func changed(_ value: JSONValue, _ changes: [String: JSONValue?]) -> JSONValue {
        var members = (value.objectMembers ?? []).filter { changes[$0.name] == nil }
        for (name, value) in changes { if let value { members.append(.init(name, value)) } }
        return .object(members)
    }

    private static func json(_ value: JSONValue) -> WebAnswer {
        WebAnswer(status: 200, body: Array(value.compactText.utf8))
    }
}
