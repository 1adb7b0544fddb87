public import ReportModel
public import SecureArchive

/// The key of the installation: what is secret in the job store is sealed under it.
public struct MasterKey: Sendable {
    private let key: SymmetricKey

    /// The key from `master.key`.
    public init(_ key: SymmetricKey) { self.key = key }

    /// A password as it is kept with the run of `request`; it opens for no other request.
    public func seal(password: Password, of request: RequestKey) throws -> [UInt8] {
        try SealedBox(.secret, key: key)
            .seal(password.withUnsafeBytes { Array($0) }, associatedData: Self.name("password", request))
    }

    /// The password kept with the run of `request`. Throws `authenticationFailed` if it was altered or another key is in use.
    public func password(_ sealed: [UInt8], of request: RequestKey) throws -> Password {
        let bytes = try SealedBox(.secret, key: key).open(sealed, associatedData: Self.name("password", request))
        return try Password(utf8: bytes)
    }

    /// Keyed hash of a password, hex: equal for equal passwords, useless without the key.
    public func hash(of password: Password) throws -> String {
        var message = Array("exhaust password hash 1:".utf8)
        password.withUnsafeBytes { message.append(contentsOf: $0) }
        let code = try HMACSHA256.authenticate(message, key: SecretBytes(key.bytes))
        return Hexadecimal.text(code)
    }

    /// The key of a run's parts, as it is kept with the run of `request`.
    public func seal(runKey: SymmetricKey, of request: RequestKey) throws -> [UInt8] {
        try SealedBox(.wrappedKey, key: key).seal(runKey.bytes, associatedData: Self.name("run key", request))
    }

    /// The key of a run's parts.
    public func runKey(_ sealed: [UInt8], of request: RequestKey) throws -> SymmetricKey {
        try SymmetricKey(SealedBox(.wrappedKey, key: key).open(sealed, associatedData: Self.name("run key", request)))
    }

    /// A key for one other purpose, which tells nothing of this key or of those for other purposes.
    public func key(for purpose: String) throws -> SecretBytes {
        SecretBytes(try HMACSHA256.authenticate(Array("exhaust key:\(purpose)".utf8), key: SecretBytes(key.bytes)))
    }

    private static func name(_ purpose: String, _ request: RequestKey) -> [UInt8] {
        Array("\(purpose)\u{0}\(request.tag)\u{0}\(request.requestID)".utf8)
    }
}
