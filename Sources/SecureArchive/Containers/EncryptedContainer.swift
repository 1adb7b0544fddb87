/// The container of the two encrypted levels, byte for byte as upstream.md 6.2 has it: the level, the wrapped key of the
/// file, and the content under AES-256-CBC with a zero initial vector.
///
/// One value is one container, with a key of its own: the same value gives the same bytes each time, which is how the CRC
/// is known before they are written. Use it for one content alone.
public struct EncryptedContainer: Sendable {
    static let zeroVector = [UInt8](repeating: 0, count: BlockCipher.blockSize)

    /// Who can open it.
    public let level: ContainerLevel
    let header: [UInt8]
    let fileKey: SymmetricKey

    /// A container that the password opens.
    public static func textKey(_ password: Password) throws -> EncryptedContainer {
        try textKey(password, fileKey: .random())
    }

    /// A container that the private key of `key` opens. Whoever has the public key can make one: it tells nothing of who
    /// did.
    public static func publicKey(_ key: PublicKey) throws -> EncryptedContainer {
        let fileKey = try SymmetricKey.random()
        return EncryptedContainer(.publicKey, wrapped: try key.wrap(fileKey), fileKey: fileKey)
    }

    static func textKey(_ password: Password, fileKey: SymmetricKey) throws -> EncryptedContainer {
        let cipher = try userKey(password).withUnsafeBytes {
            try BlockCipher(.chained, key: $0, initialVector: zeroVector, encrypts: true)
        }
        return EncryptedContainer(.textKey, wrapped: try cipher.whole(fileKey.bytes) ?? [], fileKey: fileKey)
    }

    private init(_ level: ContainerLevel, wrapped: [UInt8], fileKey: SymmetricKey) {
        self.level = level
        self.fileKey = fileKey
        header = level.line + Base64.encode(wrapped) + [ContainerLevel.lineEnd]
    }

    /// How many bytes the container has for `plainCount` bytes of content: padding adds 1 to 16.
    public func byteCount(plainCount: UInt64) -> UInt64 {
        let block = UInt64(BlockCipher.blockSize)
        return UInt64(header.count) + (plainCount / block + 1) * block
    }

    /// The 32 ASCII characters of the upper-case hexadecimal MD5 of the password, used as a key as they are.
    static func userKey(_ password: Password) throws -> SymmetricKey {
        let hash = try password.withUnsafeBytes { try MD5.hash($0) }
        return try SymmetricKey(Array(Hexadecimal.text(hash, uppercase: true).utf8))
    }

    /// The key of the file, or nil if the password is another.
    static func unwrap(_ wrapped: [UInt8], password: Password) throws -> SymmetricKey? {
        let cipher = try userKey(password).withUnsafeBytes {
            try BlockCipher(.chained, key: $0, initialVector: zeroVector, encrypts: false)
        }
        guard let key = try cipher.whole(wrapped), key.count == SymmetricKey.byteCount else { return nil }
        return try SymmetricKey(key)
    }
}

extension BlockCipher {
    /// All of a short text at once; nil if a decryption finds the padding wrong.
    func whole(_ bytes: [UInt8]) throws -> [UInt8]? {
        let start = try [UInt8](unsafeUninitializedCapacity: bytes.count + Self.blockSize) { buffer, filled in
            filled = try bytes.withUnsafeBytes { try update($0, into: UnsafeMutableRawBufferPointer(buffer)) }
        }
        return try finish().map { start + $0 }
    }
}
