import ReportModel
import SecureArchive
import WebTokens

/// One attempt to sign in at the provider, bound to the browser by a sealed cookie: what comes back has to fit it.
struct SignInAttempt: Sendable, Hashable {
    /// Comes back in the address (RFC 6749, 10.12).
    var state: String
    /// Comes back in the ID token.
    var nonce: String
    /// What the code is exchanged with (RFC 7636).
    var verifier: String
    /// The page to go on with.
    var returnPath: String
    /// When it is too late.
    var endsAt: Timestamp

    /// How long somebody may take to sign in, in seconds.
    static let seconds = 600.0

    init(returnPath: String, at now: Timestamp) throws {
        func secret() throws -> String { Base64URL.encode(try RandomBytes.make(count: 32)) }
        state = try secret()
        nonce = try secret()
        verifier = try secret()
        self.returnPath = returnPath
        endsAt = now.adding(seconds: Self.seconds)
    }

    /// The hash of the verifier, which the provider keeps with the code.
    func challenge() throws -> String { Base64URL.encode(try SHA256.hash(Array(verifier.utf8))) }

    /// The attempt as the value of a cookie.
    func sealed(_ key: SymmetricKey) throws -> String {
        let value = JSONValue.members(
            ("state", .string(state)), ("nonce", .string(nonce)), ("verifier", .string(verifier)),
            ("returnPath", .string(returnPath)), ("endsAt", .integer(endsAt.milliseconds)))
        let box = try SealedBox(.secret, key: key)
            .seal(Array(value.compactText.utf8), associatedData: Self.purpose)
        return Base64URL.encode(box)
    }

    /// The attempt of a cookie. Throws `unauthenticated` if it is none of ours.
    init(sealed text: String, _ key: SymmetricKey) throws(ExhaustError) {
        do {
            guard let box = Base64URL.decode(text) else { throw Self.unknown }
            let bytes = try SealedBox(.secret, key: key).open(box, associatedData: Self.purpose)
            let value = try JSONValue(parsing: bytes)
            guard let state = value["state"]?.text, let nonce = value["nonce"]?.text,
                let verifier = value["verifier"]?.text, let path = value["returnPath"]?.text,
                let end = value["endsAt"]?.integer
            else { throw Self.unknown }
            self.state = state
            self.nonce = nonce
            self.verifier = verifier
            returnPath = path
            endsAt = Timestamp(milliseconds: end)
        } catch {
            throw Self.unknown
        }
    }

    private static let purpose = Array("sign-in attempt 1".utf8)

    /// The answer of the provider belongs to no attempt of this browser.
    static let unknown = ExhaustError(
        .unauthenticated, "sign-in: this browser did not begin it, or took longer than ten minutes",
        remedy: "Sign in again, in one window and with cookies allowed.")

    /// A path of ours to go on with; anything else, an address of another site above all, becomes the start page.
    static func safePath(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 1_000,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }), !path.hasPrefix("/v1/")
        else { return "/" }
        return path
    }
}
