public import HTTPClient
import HTTPMessages
import ReportModel
public import ReportPorts
public import SecureArchive
import WebTokens

/// How we are known to an OpenID Connect provider.
public struct OpenIDClient: Sendable {
    /// `signIn.issuer`: the provider, exactly as it names itself.
    public var issuer: String
    /// `signIn.clientID`.
    public var clientID: String
    /// `signIn.clientSecret`; nil for a public client, which PKCE alone protects.
    public var secret: SecretBytes?
    /// `signIn.scopes`.
    public var scopes: [String]
    /// Where the provider sends people back to.
    public var redirect: String
    /// Where it sends people who signed out.
    public var home: String

    /// A client of a provider.
    public init(
        issuer: String, clientID: String, secret: SecretBytes?, scopes: [String], redirect: String, home: String
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.secret = secret
        self.scopes = scopes
        self.redirect = redirect
        self.home = home
    }
}

/// An OpenID Connect provider: what it publishes of itself, where it signs people in, and the exchange of a code for
/// tokens (OpenID Connect Core 1.0, 3.1; Discovery 1.0).
public actor OpenIDProvider {
    /// The tokens of somebody who signed in, checked.
    struct Tokens: Sendable {
        /// Claims of the ID token, and of the access token where it is one that the provider signed.
        var identity: JSONValue
        var access: JSONValue?
        var accessToken: String
    }

    private struct Metadata: Sendable {
        var authorization: String
        var token: String
        var takesSecretAsBasic: Bool
        var endSession: String?
        var keysAddress: String
        var keys: TokenKeyRing
        var readAt: Timestamp
    }

    /// What the provider says of itself is read again after this, in seconds.
    private static let refreshSeconds = 3_600.0
    /// Between two readings at the least: while there is something of an hour ago to go on with, and while there is nothing.
    private static let retrySeconds = (old: 30.0, none: 1.0)
    /// Bytes of an answer of the provider.
    private static let answerLimit = 256 << 10

    /// How we are known to it.
    public nonisolated let client: OpenIDClient
    private let web: any WebClient
    private let clock: any ServiceClock
    private let log: any EventLog
    private var metadata: Metadata?
    private var triedAt: Timestamp?
    private var problem: (any Error)?
    private var reading: Task<Void, Never>?

    /// The provider that names itself `client.issuer`, asked by `web`.
    public init(client: OpenIDClient, web: any WebClient, clock: any ServiceClock, log: any EventLog) {
        self.client = client
        self.web = web
        self.clock = clock
        self.log = log
    }

    /// Where a browser is sent to sign in.
    func authorization(_ attempt: SignInAttempt) async throws -> String {
        var query = QueryItems()
        query.append("response_type", "code")
        query.append("client_id", client.clientID)
        query.append("redirect_uri", client.redirect)
        query.append("scope", client.scopes.joined(separator: " "))
        query.append("state", attempt.state)
        query.append("nonce", attempt.nonce)
        query.append("code_challenge", try attempt.challenge())
        query.append("code_challenge_method", "S256")
        let address = try await known().authorization
        return address + (address.contains("?") ? "&" : "?") + query.encoded
    }

    /// Where a browser signs out of the provider too, and then comes back (OpenID Connect RP-Initiated Logout 1.0, 2); nil if
    /// the provider publishes none.
    func endSession() async throws -> String? {
        guard let address = try await known().endSession else { return nil }
        var query = QueryItems()
        query.append("client_id", client.clientID)
        query.append("post_logout_redirect_uri", client.home)
        return address + (address.contains("?") ? "&" : "?") + query.encoded
    }

    /// The tokens that `code` stands for. Throws `unauthenticated` if the provider refuses the code or its tokens are not
    /// right, `unavailable` if it does not answer.
    func tokens(for code: String, of attempt: SignInAttempt) async throws -> Tokens {
        let metadata = try await known()
        let answer = try await exchange(code, attempt, metadata)
        guard let idToken = answer["id_token"]?.text, let accessToken = answer["access_token"]?.text else {
            throw ExhaustError.provider("it gave no ID token")
        }
        let token = try SignedToken(idToken)
        let keys = try await metadata.keys.keys(for: token.keyName)
        let rules = TokenRules(issuers: [client.issuer], audiences: [client.clientID])
        let identity = try TokenVerifier(rules).claims(of: token, keys: keys, at: clock.now())
        guard let nonce = identity["nonce"]?.text,
            SecretBytes(Array(nonce.utf8)) == SecretBytes(Array(attempt.nonce.utf8))
        else { throw ExhaustError.provider("its ID token belongs to another sign-in") }
        if let party = identity["azp"], party.text != client.clientID {
            throw ExhaustError.provider("its ID token was made for another program")
        }
        guard let subject = identity["sub"]?.text, !subject.isEmpty else {
            throw ExhaustError.provider("its ID token names nobody")
        }
        let access = try await accessClaims(accessToken, metadata)
        return Tokens(
            identity: identity, access: access?["sub"]?.text == subject ? access : nil, accessToken: accessToken)
    }

    /// The claims of an access token if it is a token that the provider signed, as Keycloak's are; roles are often there
    /// alone.
    private func accessClaims(_ text: String, _ metadata: Metadata) async throws -> JSONValue? {
        do {
            let token = try SignedToken(text)
            let keys = try await metadata.keys.keys(for: token.keyName)
            return try TokenVerifier(TokenRules(issuers: [client.issuer])).claims(
                of: token, keys: keys, at: clock.now())
        } catch let error as ExhaustError where error.code == .unauthenticated {
            // It is none of those: then it says nothing to us.
            return nil
        }
    }

    private func exchange(_ code: String, _ attempt: SignInAttempt, _ metadata: Metadata) async throws -> JSONValue {
        var form = QueryItems()
        form.append("grant_type", "authorization_code")
        form.append("code", code)
        form.append("redirect_uri", client.redirect)
        form.append("code_verifier", attempt.verifier)
        var fields: HTTPFields = [
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded",
        ]
        if let secret = client.secret.map({ $0.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }) {
            if metadata.takesSecretAsBasic {
                // Both are form-encoded before they are joined (RFC 6749, 2.3.1).
                let pair = PercentEncoding.encode(client.clientID) + ":" + PercentEncoding.encode(secret)
                fields["Authorization"] = "Basic \(StandardBase64.encode(Array(pair.utf8)))"
            } else {
                form.append("client_id", client.clientID)
                form.append("client_secret", secret)
            }
        } else {
            form.append("client_id", client.clientID)
        }
        let answer = try await web.send(
            WebRequest(
                .post, metadata.token, fields: fields, body: .bytes(Array(form.encoded.utf8)),
                patience: Patience(connect: 5, idle: 10, whole: 15), answerLimit: Self.answerLimit))
        if answer.status == 400 || answer.status == 401 {
            log.log(.warning, "sign-in-code-refused", [("status", .integer(answer.status))])
            throw ExhaustError.provider("it does not take the code")
        }
        guard answer.status == 200 else {
            throw ExhaustError(.unavailable, "sign-in: the provider answers with status \(answer.status)")
        }
        return try JSONValue(
            parsing: answer.body, limits: .init(nesting: 16, bytes: Self.answerLimit, uniqueNames: true),
            name: "answer of the sign-in provider")
    }

    private func known() async throws -> Metadata {
        let now = clock.now()
        let pause = metadata == nil ? Self.retrySeconds.none : Self.retrySeconds.old
        let mayTry = triedAt.map { now.seconds(since: $0) >= pause } ?? true
        if let metadata {
            let isOld = now.seconds(since: metadata.readAt) >= Self.refreshSeconds
            guard isOld, mayTry, reading == nil else { return metadata }
        }
        if reading != nil || mayTry { await readAgain() }
        if let metadata { return metadata }
        throw ExhaustError(
            .unavailable, "sign-in: the provider cannot be asked now", remedy: "Try again later.", cause: problem)
    }

    /// All who need it at once wait for one reading. It is nobody's child task, since it serves others too and must not end
    /// with the first who asked; each of them awaits it.
    private func readAgain() async {
        let task = reading ?? Task { await readNow() }
        reading = task
        await task.value
    }

    private func readNow() async {
        let now = clock.now()
        triedAt = now
        do {
            metadata = try await discover(now)
            problem = nil
        } catch {
            log.log(.warning, "sign-in-provider-not-read", [("error", .string(String(describing: error)))])
            problem = error
        }
        reading = nil
    }

    private func discover(_ now: Timestamp) async throws -> Metadata {
        let base = client.issuer.hasSuffix("/") ? String(client.issuer.dropLast()) : client.issuer
        let answer = try await web.send(
            WebRequest(
                .get, base + "/.well-known/openid-configuration", fields: ["Accept": "application/json"],
                patience: Patience(connect: 5, idle: 5, whole: 10), answerLimit: Self.answerLimit))
        guard answer.status == 200 else {
            throw ExhaustError(.unavailable, "sign-in provider: status \(answer.status) for its configuration")
        }
        let document = try JSONValue(
            parsing: answer.body, limits: .init(nesting: 16, bytes: Self.answerLimit, uniqueNames: true),
            name: "configuration of the sign-in provider")
        guard document["issuer"]?.text == client.issuer else {
            throw ExhaustError(
                .invalidInput, "sign-in provider: it names itself otherwise than signIn.issuer does",
                remedy: "Set signIn.issuer to exactly the `issuer` of its configuration.", mender: .operator)
        }
        let keysAddress = try Self.address("jwks_uri", document)
        let methods = document["token_endpoint_auth_methods_supported"]?.elements?.compactMap(\.text)
        // Keys that were read are kept for as long as they are published in the same place.
        let keptKeys = metadata?.keysAddress == keysAddress ? metadata?.keys : nil
        return Metadata(
            authorization: try Self.address("authorization_endpoint", document),
            token: try Self.address("token_endpoint", document),
            takesSecretAsBasic: methods?.contains("client_secret_basic") ?? true,
            endSession: document["end_session_endpoint"] == nil
                ? nil : try Self.address("end_session_endpoint", document),
            keysAddress: keysAddress,
            keys: keptKeys
                ?? TokenKeyRing(
                    clock: clock, log: log, read: TokenKeySource.published(at: keysAddress, by: web)), readAt: now)
    }

    /// An address of the configuration: https, or http on loopback. Throws `invalidInput`.
    private static func address(_ name: String, _ document: JSONValue) throws -> String {
        guard let text = document[name]?.text, WebOrigin.isProtected(text) else {
            throw ExhaustError(
                .invalidInput, "sign-in provider: its \(name) is no https address", mender: .operator)
        }
        return text
    }
}

extension ExhaustError {
    /// A sign-in that the provider did not confirm.
    static func provider(_ why: String) -> ExhaustError {
        ExhaustError(.unauthenticated, "sign-in provider: \(why)", remedy: "Sign in again.")
    }
}
