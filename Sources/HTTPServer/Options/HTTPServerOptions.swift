public import HTTPMessages

/// Where a server listens and what it lets its clients do. Every limit has the default of its setting.
public struct HTTPServerOptions: Sendable {
    /// `http.listen`.
    public var listen = ListenAddress.standard
    /// `http.threads`: threads that read and write sockets; handlers do not run on them.
    public var threads = 2
    /// `http.connections`: open connections; further ones wait until others end.
    public var connections = 16_384
    /// `http.connectionsPerAddress`: open connections from one address; further ones are closed at once.
    public var connectionsPerAddress = 12_288
    /// `http.backlog`: connections that the system keeps waiting.
    public var backlog = 4_096
    /// `http.headBytes`: memory of a connection: request line, header fields, and a piece of the body.
    public var headBytes = 32 << 10
    /// `http.targetBytes`: path and query.
    public var targetBytes = 8 << 10
    /// `http.fields`: header fields of a request.
    public var fields = 100
    /// `http.bodyBytes`: the body of any request; operations have lower limits of their own.
    public var bodyBytes: Int64 = 16 << 20
    /// `http.bodyBufferBytes`: bytes of a body that are held before the client has to wait for the handler.
    public var bodyBufferBytes = 64 << 10
    /// `http.drainBytes`: bytes of an unwanted body that are read so that the connection can go on.
    public var drainBytes: Int64 = 1 << 20
    /// `http.idleSeconds`: a connection on which nothing happens is closed after it.
    public var idleSeconds = 30.0
    /// `http.headSeconds`: a new connection has to send its head within it, a kept one within it after the idle time.
    public var headSeconds = 10.0
    /// `http.bodySeconds`: time that a client may take altogether to send a body.
    public var bodySeconds = 300.0
    /// `http.slowSeconds`: how long a client may be slower than `minimumRate`.
    public var slowSeconds = 10.0
    /// `http.minimumRate`: bytes a second, both ways, over the time in which the client is waited for.
    public var minimumRate = 1_000
    /// `http.stopSeconds`: what is under way at a stop may take so long.
    public var stopSeconds = 10.0
    /// `http.tls.certificate`, `http.tls.key`: PEM; nil without TLS.
    public var tls: TLSIdentity?
    /// Header fields of every answer that does not set them itself.
    public var fieldsOfEveryAnswer: HTTPFields = Self.protectiveFields

    /// All defaults.
    public init() {}

    /// What keeps browsers from doing more with an answer than showing it.
    public static let protectiveFields: HTTPFields = [
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ]
}

/// A certificate with its chain, and its key; both as PEM.
public struct TLSIdentity: Sendable {
    /// The certificate, then those that vouch for it.
    public var certificate: String
    /// The private key.
    public var key: String

    /// A certificate and its key.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
