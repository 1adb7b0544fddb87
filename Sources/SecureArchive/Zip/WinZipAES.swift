internal import COpenSSL
internal import ReportModel

/// The cipher of one entry after WinZip AE: AES with a counter that is little-endian from 1, and HMAC-SHA1-80 over the
/// ciphertext.
///
/// OpenSSL's counter mode counts big-endian, so blocks of counters are encrypted and combined here.
final class WinZipAES {
    static let verifierCount = 2
    static let tagCount = 10
    /// Set by the format.
    private static let iterations: Int32 = 1000
    private static let streamCount = 64 * 1024

    /// The two bytes by which a wrong password is noticed early, in 65,535 of 65,536 cases.
    let verifier: [UInt8]

    private let cipher: BlockCipher
    private let code: MessageAuthentication
    private let counters = RawStorage(count: streamCount)
    private let stream = RawStorage(count: streamCount)
    private var nextCounter: UInt64 = 1
    private var used = streamCount

    init(password: Password, salt: [UInt8], keyCount: Int) throws {
        let derivedCount = 2 * keyCount + Self.verifierCount
        let derived = try SecretBytes(count: derivedCount) { derived in
            try password.withUnsafeBytes { password in
                let made = PKCS5_PBKDF2_HMAC_SHA1(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count), salt,
                    Int32(salt.count), Self.iterations, Int32(derivedCount),
                    derived.baseAddress?.assumingMemoryBound(to: UInt8.self))
                try succeed(made, "PBKDF2")
            }
        }
        verifier = derived.withUnsafeBytes { Array($0[(2 * keyCount)...]) }
        cipher = try derived.withUnsafeBytes {
            try BlockCipher(.blocks, key: $0.part(0..<keyCount), encrypts: true)
        }
        code = try derived.withUnsafeBytes {
            try MessageAuthentication(.sha1, key: $0.part(keyCount..<2 * keyCount))
        }
    }

    func encrypt(_ bytes: UnsafeMutableRawBufferPointer) throws {
        try forEachPiece(bytes) { piece, stream in
            xor(piece, with: stream)
            try code.update(UnsafeRawBufferPointer(piece))
        }
    }

    func decrypt(_ bytes: UnsafeMutableRawBufferPointer) throws {
        try forEachPiece(bytes) { piece, stream in
            try code.update(UnsafeRawBufferPointer(piece))
            xor(piece, with: stream)
        }
    }

    /// Adds ciphertext to the authentication without decrypting it.
    func authenticate(_ bytes: UnsafeRawBufferPointer) throws { try code.update(bytes) }

    /// The 10 bytes that close the entry.
    func tag() throws -> [UInt8] { Array(try code.finish().prefix(Self.tagCount)) }

    /// Pairs pieces of the content with as much of the key stream; small, so that both stay in the cache for the code.
    private func forEachPiece(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeMutableRawBufferPointer, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var offset = 0
        while offset < bytes.count {
            if used == Self.streamCount { try refill() }
            let count = min(bytes.count - offset, Self.streamCount - used)
            let piece = UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count])
            try body(piece, UnsafeRawBufferPointer(stream.bytes).part(used..<used + count))
            offset += count
            used += count
        }
    }

    private func refill() throws {
        // Only the low half of a counter ever changes; the high half was zeroed with the memory.
        for block in stride(from: 0, to: Self.streamCount, by: BlockCipher.blockSize) {
            counters.bytes.storeBytes(of: nextCounter.littleEndian, toByteOffset: block, as: UInt64.self)
            nextCounter &+= 1
        }
        try cipher.updateBlocks(UnsafeRawBufferPointer(counters.bytes), into: stream.bytes)
        used = 0
    }

    /// In words of 64 bits, which the compiler makes into vectors; explicit vectors were eight times slower
    /// (libraries.md 6).
    private func xor(_ bytes: UnsafeMutableRawBufferPointer, with stream: UnsafeRawBufferPointer) {
        guard bytes.count == stream.count, let target = bytes.baseAddress, let source = stream.baseAddress else {
            return
        }
        let words = stream.count / 8
        for word in 0..<words {
            let value =
                target.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
                ^ source.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
            target.storeBytes(of: value, toByteOffset: word &* 8, as: UInt64.self)
        }
        for index in words * 8..<stream.count {
            let value =
                target.load(fromByteOffset: index, as: UInt8.self) ^ source.load(fromByteOffset: index, as: UInt8.self)
            target.storeBytes(of: value, toByteOffset: index, as: UInt8.self)
        }
    }
}
