public import ReportModel
import SecureArchive

/// What a token has to say to be accepted.
public struct TokenRules: Sendable, Hashable {
    /// `iss` has to be one of these; empty accepts any, for keys that nobody else signs with.
    public var issuers: Set<String>
    /// `aud` has to name one of these; empty accepts any.
    public var audiences: Set<String>
    /// How far clocks may differ, in seconds.
    public var leewaySeconds: Double
    /// How long a token may be, in bytes.
    public var byteLimit: Int

    /// Rules; a minute's leeway and 16 KiB unless said otherwise.
    public init(
        issuers: Set<String> = [], audiences: Set<String> = [], leewaySeconds: Double = 60, byteLimit: Int = 16 << 10
    ) {
        self.issuers = issuers
        self.audiences = audiences
        self.leewaySeconds = leewaySeconds
        self.byteLimit = byteLimit
    }
}

/// A signed JSON Web Token (RFC 7519) in its compact form, taken apart and not yet believed.
public struct SignedToken: Sendable {
    /// `kid` of the header.
    public let keyName: String?
    let algorithm: String
    let payload: [UInt8]
    let signedBytes: [UInt8]
    let signature: [UInt8]

    /// Takes a token apart. Throws `unauthenticated` if it is none, is too long, is unsigned, or says something critical
    /// that we do not know (`crit`).
    public init(_ text: String, byteLimit: Int = TokenRules().byteLimit) throws(ExhaustError) {
        guard text.utf8.count <= byteLimit else { throw .token("it is over \(byteLimit) bytes") }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .token("it is not three Base64 texts with dots between") }
        let fields = try SignedToken.object(header)
        guard let algorithm = fields["alg"]?.text else { throw .token("its header names no algorithm") }
        guard SignatureAlgorithm(rawValue: algorithm) != nil else {
            throw .token("its algorithm is not accepted; RS256 and ES256 are")
        }
        // Extensions that must be understood, and payloads that are no plain JSON, are not for us.
        guard fields["crit"] == nil, fields["b64"] == nil, fields["zip"] == nil, fields["enc"] == nil else {
            throw .token("its header asks for an extension")
        }
        if let name = fields["kid"], name.text == nil { throw .token("its key name is no text") }
        keyName = fields["kid"]?.text
        self.algorithm = algorithm
        self.payload = payload
        self.signature = signature
        signedBytes = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    static func object(_ bytes: [UInt8]) throws(ExhaustError) -> JSONValue {
        let limits = JSONValue.Limits(nesting: 16, bytes: bytes.count, uniqueNames: true)
        do {
            let value = try JSONValue(parsing: bytes, limits: limits, name: "user token")
            guard value.objectMembers != nil else { throw ExhaustError.token("it does not hold JSON objects") }
            return value
        } catch {
            // Where in the token the fault is helps nobody who may see the answer.
            throw .token("it does not hold JSON objects")
        }
    }
}

/// Checks tokens.
public struct TokenVerifier: Sendable {
    private let rules: TokenRules

    /// Checks tokens by these rules.
    public init(_ rules: TokenRules) { self.rules = rules }

    /// The claims of a token that one of `keys` signed and that is valid at `now`. A key name in the token leaves only keys
    /// of that name and those without one. Throws `unauthenticated` with the reason.
    public func claims(of token: SignedToken, keys: [TokenKey], at now: Timestamp) throws -> JSONValue {
        let candidates = keys.filter { key in
            guard let wanted = token.keyName, let name = key.name else { return true }
            return wanted == name
        }
        guard !candidates.isEmpty else { throw ExhaustError.token("it was signed by a key that is not known here") }
        // What signs is decided by the key; a token that names another algorithm is refused, whatever its signature.
        let fitting = candidates.filter { $0.key.algorithm.rawValue == token.algorithm }
        guard !fitting.isEmpty else { throw ExhaustError.token("its algorithm is not that of its key") }
        guard try fitting.contains(where: { try $0.key.verifies(token.signature, of: token.signedBytes) }) else {
            throw ExhaustError.token("its signature is not right")
        }
        let claims = try SignedToken.object(token.payload)
        try check(claims, at: now)
        return claims
    }

    private func check(_ claims: JSONValue, at now: Timestamp) throws(ExhaustError) {
        let seconds = Double(now.milliseconds) / 1000
        guard let expiry = claims["exp"] else { throw .token("it has no end (`exp`)") }
        guard let end = Self.time(expiry) else { throw .token("its end (`exp`) is no time") }
        guard seconds < end + rules.leewaySeconds else { throw .token("it has expired") }
        if let start = claims["nbf"] {
            guard let start = Self.time(start) else { throw .token("its beginning (`nbf`) is no time") }
            guard seconds >= start - rules.leewaySeconds else { throw .token("it is not valid yet") }
        }
        if !rules.issuers.isEmpty {
            guard let issuer = claims["iss"]?.text, rules.issuers.contains(issuer) else {
                throw .token("it comes from another issuer")
            }
        }
        guard !rules.audiences.isEmpty else { return }
        let audience = claims["aud"]
        let names = audience?.text.map { [$0] } ?? audience?.elements?.compactMap(\.text) ?? []
        guard !rules.audiences.isDisjoint(with: names) else { throw .token("it is for another audience") }
    }

    /// Seconds since 1970 (RFC 7519, NumericDate), also with a fraction; nil outside the years 1970 to 9999.
    private static func time(_ value: JSONValue) -> Double? {
        guard let seconds = value.double, seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return seconds
    }
}

extension ExhaustError {
    /// A token that is not accepted.
    static func token(_ why: String) -> ExhaustError {
        ExhaustError(.unauthenticated, "user token: \(why)", remedy: "Sign in again.")
    }
}
