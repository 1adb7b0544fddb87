import HTTPMessages
import HTTPServer
import ReportModel
public import ReportPorts
import SecureArchive
import WebTokens

/// Sessions of people who signed in: a random cookie, of which the store knows the hash.
public struct Sessions: Sendable {
    /// What settings decide.
    public struct Rules: Sendable, Hashable {
        /// From `session.seconds`: how long a session lasts.
        public var hours = 8.0
        /// Whether cookies are sent over TLS alone; off only on loopback without TLS.
        public var isSecure = true

        /// All defaults.
        public init() {}
    }

    /// A session that has just begun, with the cookie that its browser gets.
    struct Begun: Sendable {
        let record: SessionRecord
        let setCookie: String
    }

    private let store: any SessionStore
    private let clock: any ServiceClock
    let rules: Rules

    /// Sessions in `store`.
    public init(store: any SessionStore, rules: Rules, clock: any ServiceClock) {
        self.store = store
        self.rules = rules
        self.clock = clock
    }

    /// The name of the cookie, but for what TLS adds.
    static let baseName = "exhaust_session"
    /// The name of the cookie.
    var name: String { Cookies.name(Self.baseName, isSecure: rules.isSecure) }

    /// Begins a session of `user`, who has to have an organisation. Throws `forbidden` without one.
    func begin(_ user: KnownUser) async throws -> Begun {
        guard let channel = user.organisation else {
            throw ExhaustError(
                .forbidden, "sign-in: you belong to no organisation",
                remedy: "Ask your administrator to add you to one.", mender: .operator
            ).refusing(Caller(credential: .session, channel: "", userID: user.id, roles: user.roles))
        }
        let cookie = Base64URL.encode(try RandomBytes.make(count: 32))
        let seconds = rules.hours * 3600
        let record = SessionRecord(
            cookieHash: try Self.hash(cookie), userID: user.id, channel: channel, roles: user.roles,
            endsAt: clock.now().adding(seconds: seconds))
        try await store.begin(record)
        return Begun(
            record: record,
            setCookie: Cookies.set(name, cookie, sameSite: "Strict", seconds: Int(seconds), isSecure: rules.isSecure))
    }

    /// The cookie of a request; nil without one. Throws `unauthenticated` if there are several, since another site of the
    /// same domain can have added one.
    func cookie(of request: HTTPRequest) throws(ExhaustError) -> String? {
        let values = Cookies.values(name, of: request)
        guard values.count <= 1 else {
            throw ExhaustError(.unauthenticated, "session: there are two cookies of it", remedy: "Sign in again.")
        }
        return values.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The session of a cookie. Throws `unauthenticated` if it has ended or never was.
    func session(of cookie: String) async throws -> SessionRecord {
        guard let session = try await store.session(Self.hash(cookie)) else {
            throw ExhaustError(.unauthenticated, "session: it has ended", remedy: "Sign in again.")
        }
        return session
    }

    /// Throws `forbidden` unless the request carries the token that only a page of ours can know.
    func checkChange(_ request: HTTPRequest, cookie: String, _ caller: Caller) throws {
        let sent = SecretBytes(Array((request.fields["X-CSRF-Token"] ?? "").utf8))
        guard sent == SecretBytes(Array(try csrfToken(of: cookie).utf8)) else {
            throw ExhaustError(
                .forbidden, "X-CSRF-Token: it is missing or not that of this session",
                remedy: "Load the page again.", cause: RefusedCaller(caller: caller))
        }
    }

    /// What changes of a session have to carry. It follows from the cookie, which scripts cannot read.
    func csrfToken(of cookie: String) throws -> String {
        Base64URL.encode(try SHA256.hash(Array("exhaust csrf 1:\(cookie)".utf8)))
    }

    /// Ends the session of a cookie, everywhere. Answers the field that removes the cookie.
    func end(_ cookie: String) async throws -> String {
        try await store.end(Self.hash(cookie))
        return Cookies.set(name, "", sameSite: "Strict", seconds: 0, isSecure: rules.isSecure)
    }

    private static func hash(_ cookie: String) throws -> String {
        Hexadecimal.text(try SHA256.hash(Array("exhaust session 1:\(cookie)".utf8)))
    }
}
