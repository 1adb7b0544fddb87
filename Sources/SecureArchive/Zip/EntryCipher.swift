/// The protection of the bytes of one entry while it is written.
enum EntryCipher {
    case none
    case aes(WinZipAES, salt: [UInt8])
    case zipCrypto(ZipCrypto, header: [UInt8])

    /// A fresh salt or header an entry, so that no two entries share a key stream.
    init(_ protection: ZipProtection, crc32: UInt32) throws {
        switch protection {
        case .none:
            self = .none
        case .aes256(let password):
            let salt = try RandomBytes.make(count: Self.strongest.saltCount)
            self = .aes(try WinZipAES(password: password, salt: salt, keyCount: Self.strongest.keyCount), salt: salt)
        case .zipCrypto(let password):
            let cipher = ZipCrypto(password: password)
            // The last byte of the header lets a reader notice a wrong password, in 255 of 256 cases.
            var header = try RandomBytes.make(count: ZipCrypto.headerCount - 1) + [UInt8(crc32 >> 24)]
            header.withUnsafeMutableBytes { cipher.encrypt($0) }
            self = .zipCrypto(cipher, header: header)
        }
    }

    static let strongest = ZipRecord.AESHeader(version: 2, strength: 3)

    /// What goes before the content.
    var prefix: [UInt8] {
        switch self {
        case .none: []
        case .aes(let cipher, let salt): salt + cipher.verifier
        case .zipCrypto(_, let header): header
        }
    }

    /// Encrypts content in place.
    func encrypt(_ bytes: UnsafeMutableRawBufferPointer) throws {
        switch self {
        case .none: break
        case .aes(let cipher, _): try cipher.encrypt(bytes)
        case .zipCrypto(let cipher, _): cipher.encrypt(bytes)
        }
    }

    /// What goes after the content.
    func suffix() throws -> [UInt8] {
        if case .aes(let cipher, _) = self { try cipher.tag() } else { [] }
    }

    /// Bytes of prefix and suffix together.
    static func overhead(_ protection: ZipProtection) -> UInt64 {
        switch protection {
        case .none: 0
        case .aes256: UInt64(strongest.saltCount + WinZipAES.verifierCount + WinZipAES.tagCount)
        case .zipCrypto: UInt64(ZipCrypto.headerCount)
        }
    }
}
