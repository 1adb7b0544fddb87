import ReportModel
public import ReportRows

/// Encrypts and decrypts personal values as the deployment stores them (upstream.md 5.8).
///
/// The key is public and equal values look equal, so this protects nothing by itself; it exists to read what is stored.
/// One value may be used from many threads at once.
public final class PersonalDataCipher: PersonalDataDecrypter {
    /// Which service's way of writing Base64.
    public enum Form: Sendable, Hashable, CaseIterable {
        /// Without line breaks, as the course service writes.
        case oneLine
        /// A line feed after every 57 bytes, as the user service writes; the next round encrypts it with the rest.
        case lineBroken
    }

    /// Longest stored value that is decrypted, in bytes; the widest column that holds such values has 500 characters.
    public static let maximumStoredBytes = 65_536

    private static let rounds = 3
    private static let lineBytes = 57

    /// What plain text may start with, the first of them when encrypting.
    private let salts: [[UInt8]]
    private let decryption = CipherPool(.decrypt)
    private let encryption = CipherPool(.encrypt)

    /// A cipher for values that were encrypted with this salt, the setting `pii.salt`.
    ///
    /// Where the salt has a line feed, carriage return or tab, values are read that were encrypted with it as it is or
    /// with `\n`, `\r`, `\t` in two characters each, as the deployment's jobs spell it. Throws `internalFault` if the
    /// system's library has no AES.
    public init(salt: String) throws {
        let plain = Array(salt.utf8)
        let spelled = plain.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\n"): Array("\\n".utf8)
            case UInt8(ascii: "\r"): Array("\\r".utf8)
            case UInt8(ascii: "\t"): Array("\\t".utf8)
            default: [byte]
            }
        }
        salts = plain == spelled ? [plain] : [plain, spelled]
        for pool in [decryption, encryption] { pool.giveBack(try pool.take().get()) }
    }

    /// Appends the plain value to `plain`; false, and nothing appended, if `stored` does not decrypt.
    ///
    /// Unlike upstream, each round's text has to start with the salt and the result has to be UTF-8: a value of another
    /// key or salt is refused instead of shown garbled. A blank value is its own plain value.
    public func decrypt(_ stored: UnsafeRawBufferPointer, into plain: inout [UInt8]) -> Bool {
        if stored.allSatisfy(Self.isBlank) {
            plain.append(contentsOf: stored)
            return true
        }
        guard stored.count <= Self.maximumStoredBytes, case .success(let context) = decryption.take() else {
            return false
        }
        defer { decryption.giveBack(context) }
        return withUnsafeTemporaryAllocation(byteCount: stored.count + CipherContext.block, alignment: 16) { buffer in
            guard let value = unwrap(stored, with: context, in: buffer), Self.isUTF8(value) else { return false }
            plain.append(contentsOf: value)
            return true
        }
    }

    /// The stored form of a plain value; a blank one is stored as it is. Throws `internalFault` if the library fails.
    public func encrypt(_ plain: [UInt8], form: Form) throws -> [UInt8] {
        if plain.allSatisfy(Self.isBlank) { return plain }
        let context = try encryption.take().get()
        defer { encryption.giveBack(context) }
        var value = plain
        for _ in 0..<Self.rounds {
            var bytes = salts[0] + value
            let padding = CipherContext.block - bytes.count % CipherContext.block
            bytes.append(contentsOf: repeatElement(UInt8(padding), count: padding))
            guard bytes.withUnsafeMutableBytes({ context.process($0) }) else {
                throw ExhaustError(.internalFault, "personal data: AES failed to encrypt")
            }
            value = Base64.encode(bytes, bytesPerLine: form == .lineBroken ? Self.lineBytes : nil)
        }
        return value
    }

    /// The password that a stored `encryption_key` stands for: decrypted, or itself where it does not decrypt
    /// (upstream.md 6.2; the portal stores passwords as they were typed). Nil for a blank key, which is none.
    public func password(fromStoredKey stored: String) -> [UInt8]? {
        var stored = stored
        return stored.withUTF8 { bytes -> [UInt8]? in
            if bytes.allSatisfy(Self.isBlank) { return nil }
            var plain: [UInt8] = []
            return decrypt(UnsafeRawBufferPointer(bytes), into: &plain) ? plain : Array(bytes)
        }
    }

    /// The three rounds, in one buffer: each round's text is shorter than the one before.
    private func unwrap(
        _ stored: UnsafeRawBufferPointer, with context: CipherContext, in buffer: UnsafeMutableRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        var value = stored
        for _ in 0..<Self.rounds {
            let count = Base64.decode(value, into: buffer)
            let blocks = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
            guard count > 0, count % CipherContext.block == 0, context.process(blocks) else { return nil }
            // PKCS #5: the last byte says how many bytes were added, each of that value.
            let padding = Int(blocks[count - 1])
            guard (1...CipherContext.block).contains(padding),
                blocks[(count - padding)...].allSatisfy({ $0 == UInt8(padding) })
            else { return nil }
            let text = UnsafeRawBufferPointer(rebasing: blocks[..<(count - padding)])
            guard let salt = salts.first(where: { text.starts(with: $0) }) else { return nil }
            value = UnsafeRawBufferPointer(rebasing: text[salt.count...])
        }
        return value
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private static func isUTF8(_ value: UnsafeRawBufferPointer) -> Bool {
        value.allSatisfy { $0 < 0x80 } || String(validating: value, as: UTF8.self) != nil
    }
}
