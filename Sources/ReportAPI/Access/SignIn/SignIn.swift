import HTTPMessages
import HTTPServer
import ReportModel
public import ReportPorts
public import ReportService
import SecureArchive

/// Signing in for the page: at an OpenID Connect provider, or by a token that the portal posts.
public struct SignIn: Sendable {
    /// How people sign in.
    public enum Mode: Sendable {
        /// Nobody does: the page is not for use here.
        case none
        /// Everybody is this caller.
        case demo(Caller)
        /// At a provider.
        case provider(OpenIDProvider)
        /// By a token that a page of one of these origins posts; `address` is where people begin.
        case portal(origins: Set<String>, address: String)
    }

    let mode: Mode
    let sessions: Sessions
    let users: UserReader
    let tokens: UserTokens?
    let auditing: Auditing
    let clock: any ServiceClock
    private let key: SymmetricKey
    private let addresses: ClientAddress
    private let buckets: TokenBuckets

    /// Attempts of one address: so many at once, and one a second in the long run.
    public static let attempts = RateLimit(perSecond: 1, burst: 60)

    /// Signing in by `mode`; `tokens` checks what the portal posts.
    public init(
        mode: Mode, sessions: Sessions, users: UserReader, tokens: UserTokens?, auditing: Auditing, master: MasterKey,
        clock: any ServiceClock, addresses: ClientAddress = ClientAddress()
    ) throws {
        self.mode = mode
        self.sessions = sessions
        self.users = users
        self.tokens = tokens
        self.auditing = auditing
        self.clock = clock
        self.addresses = addresses
        key = try SymmetricKey(master.key(for: "sign-in attempts 1").withUnsafeBytes { Array($0) })
        buckets = TokenBuckets(Self.attempts)
    }

    private var attemptCookie: String { Cookies.name("exhaust_sign_in", isSecure: sessions.rules.isSecure) }
    private var noAttempt: String { setAttempt("", seconds: 0) }

    // Lax and not Strict: it has to come back with the provider's redirect, which another site begins.
    private func setAttempt(_ value: String, seconds: Int) -> String {
        Cookies.set(
            attemptCookie, value, sameSite: "Lax", seconds: seconds, isSecure: sessions.rules.isSecure)
    }

    /// Sends the browser to the provider.
    func begin(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard case .provider(let provider) = mode else { throw Self.otherMode }
        try limit(request)
        let path = SignInAttempt.safePath(QueryItems(parsing: request.query)["returnTo"])
        let attempt = try SignInAttempt(returnPath: path, at: clock.now())
        let target = try await provider.authorization(attempt)
        return HTTPResponse(
            status: 302,
            fields: [
                "Location": target, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
                "Set-Cookie": setAttempt(try attempt.sealed(key), seconds: Int(SignInAttempt.seconds)),
            ])
    }

    /// Takes the browser back from the provider.
    func finish(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard case .provider(let provider) = mode else { throw Self.otherMode }
        do {
            try limit(request)
            let (code, attempt) = try answer(request, issuer: provider.client.issuer)
            let tokens = try await provider.tokens(for: code, of: attempt)
            let claims = Self.merged(tokens.identity, tokens.access)
            let user = try await users.user(claims, token: tokens.accessToken)
            let begun = try await signedIn(user, request)
            return SignInPages.goOn(to: attempt.returnPath, cookies: [begun.setCookie, noAttempt])
        } catch let error as ExhaustError {
            return await failure(error, request, "signInCallback", retry: "/v1/sign-in", cookies: [noAttempt])
        }
    }

    /// A page that says why it did not work: a person looks at the answer, and no program.
    private func failure(
        _ error: ExhaustError, _ request: HTTPRequest, _ operation: String, retry: String?, cookies: [String]
    ) async -> HTTPResponse {
        if error.isRefusal {
            await auditing.noteRefusal(of: request, operation: operation, caller: nil, because: error)
        }
        return SignInPages.failure(error, status: error.code.httpStatus, retry: retry, cookies: cookies)
    }

    /// Takes a token that the portal posts. Only pages of the portal may: another site could else sign the browser in as
    /// somebody else, whose files the user would then take for his own.
    func takeToken(_ request: HTTPRequest, body: [UInt8]) async throws -> HTTPResponse {
        guard case .portal(let origins, let address) = mode, let tokens else { throw Self.otherMode }
        do {
            return try await takeToken(request, body, from: origins, tokens)
        } catch let error as ExhaustError where !PostedToken.isFromScript(request) {
            // The browser goes where the form was sent to.
            return await failure(
                error, request, "signInPortal", retry: address.isEmpty ? nil : address, cookies: [])
        }
    }

    private func takeToken(
        _ request: HTTPRequest, _ body: [UInt8], from origins: Set<String>, _ tokens: UserTokens
    ) async throws -> HTTPResponse {
        try limit(request)
        guard let origin = request.fields["Origin"], origins.contains(origin) else {
            throw ExhaustError(
                .forbidden, "sign-in: the token was not posted by a page of the portal",
                remedy: "Add the portal's origin to signIn.portalOrigins.", mender: .operator)
        }
        let form = try PostedToken(request, body: body)
        let begun = try await signedIn(try await tokens.user(of: form.token), request)
        return SignInPages.goOn(to: SignInAttempt.safePath(form.returnTo), cookies: [begun.setCookie])
    }

    private func signedIn(_ user: KnownUser, _ request: HTTPRequest) async throws -> Sessions.Begun {
        let caller = Caller(
            credential: .session, channel: user.organisation ?? "", userID: user.id, roles: user.roles)
        if user.organisation != nil { try await auditing.note(.signIn, by: caller, of: request) }
        return try await sessions.begin(user)
    }

    private func limit(_ request: HTTPRequest) throws {
        if let wait = buckets.take(ClientAddress.network(of: addresses.address(of: request)), at: clock.now()) {
            throw ExhaustError.tooOften("sign-in", retryAfter: wait)
        }
    }

    /// The code that the provider sent back, if it belongs to an attempt of this browser.
    private func answer(_ request: HTTPRequest, issuer: String) throws -> (String, SignInAttempt) {
        let query = QueryItems(parsing: request.query)
        let cookies = Cookies.values(attemptCookie, of: request)
        guard cookies.count == 1 else { throw SignInAttempt.unknown }
        let attempt = try SignInAttempt(sealed: cookies[0], key)
        guard let state = query["state"], SecretBytes(Array(state.utf8)) == SecretBytes(Array(attempt.state.utf8)),
            clock.now() < attempt.endsAt
        else { throw SignInAttempt.unknown }
        // A provider that tells who it is must be ours (RFC 9207).
        if let named = query["iss"], named != issuer { throw ExhaustError.provider("another one answered") }
        guard let code = query["code"], !code.isEmpty else {
            throw ExhaustError.provider(
                query["error"] == "access_denied" ? "the sign-in was called off" : "it reports a failure")
        }
        return (code, attempt)
    }

    /// The claims of both tokens; of equal names those of the ID token count.
    private static func merged(_ identity: JSONValue, _ access: JSONValue?) -> JSONValue {
        let own = identity.objectMembers ?? []
        let names = Set(own.map(\.name))
        return .object(own + (access?.objectMembers ?? []).filter { !names.contains($0.name) })
    }

    private static let otherMode = ExhaustError(
        .notFound, "sign-in: people do not sign in this way here",
        remedy: "Begin at the page itself; /v1/session tells its way (`mode`, `signInPath`).")
}
