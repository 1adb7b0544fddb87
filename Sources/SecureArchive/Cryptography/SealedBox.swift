internal import COpenSSL
internal import ReportModel

/// Bytes under AES-256-GCM: 4 bytes that name the purpose, format version, 96-bit random nonce, ciphertext, 128-bit tag.
///
/// Purpose, version and the caller's associated data are authenticated, so a box opens only where it belongs. Nonces are
/// random: at most 2^32 boxes a key (NIST SP 800-38D, 8.3).
public struct SealedBox: Sendable {
    /// What is sealed; a box of one purpose does not open as another.
    public struct Purpose: Sendable, Hashable {
        let mark: [UInt8]
        let name: String

        /// A key under another key.
        public static let wrappedKey = Purpose(mark: Array("ExKy".utf8), name: "sealed key")
        /// The finished rows of one range under the key of its run.
        public static let part = Purpose(mark: Array("ExPa".utf8), name: "sealed part")
        /// Rows on their way through a temporary file.
        public static let spool = Purpose(mark: Array("ExSp".utf8), name: "sealed rows")
        /// Anything else, such as the password of a request.
        public static let secret = Purpose(mark: Array("ExSe".utf8), name: "sealed secret")
    }

    /// Most bytes in one box.
    public static let largestByteCount = 1 << 30
    /// How much longer a box is than what is in it.
    public static let overhead = headerCount + nonceCount + tagCount

    private static let version: UInt8 = 1
    private static let headerCount = 5
    private static let nonceCount = 12
    private static let tagCount = 16

    private let purpose: Purpose
    private let key: SymmetricKey

    /// Boxes of one purpose under one key.
    public init(_ purpose: Purpose, key: SymmetricKey) {
        self.purpose = purpose
        self.key = key
    }

    /// Seals `plain`; `associatedData` says where the box belongs and must be given again to open it.
    public func seal(_ plain: [UInt8], associatedData: [UInt8] = []) throws -> [UInt8] {
        guard plain.count <= Self.largestByteCount else {
            throw overLimit(
                purpose.name, "\(plain.count) bytes, over \(Self.largestByteCount)", remedy: "Use smaller parts.")
        }
        let header = purpose.mark + [Self.version]
        let nonce = try RandomBytes.make(count: Self.nonceCount)
        let cipher = try key.withUnsafeBytes {
            try BlockCipher(.authenticated, key: $0, initialVector: nonce, encrypts: true)
        }
        try cipher.authenticate(header + associatedData)
        let prefix = header + nonce
        let room = prefix.count + plain.count + Self.tagCount
        return try [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
            let box = UnsafeMutableRawBufferPointer(buffer)
            box.copyBytes(from: prefix)
            let body = UnsafeMutableRawBufferPointer(rebasing: box[prefix.count...])
            let written = try plain.withUnsafeBytes { try cipher.update($0, into: body) }
            _ = try cipher.finish()
            UnsafeMutableRawBufferPointer(rebasing: body[written...]).copyBytes(from: try cipher.tag())
            filled = room
        }
    }

    /// The sealed bytes; throws if the box is altered, of another purpose, place or key, or of a newer version.
    public func open(_ box: [UInt8], associatedData: [UInt8] = []) throws -> [UInt8] {
        guard box.count >= Self.overhead, box.starts(with: purpose.mark) else {
            throw ExhaustError(.dataDamaged, "\(purpose.name): it is not one", mender: .operator)
        }
        guard box[purpose.mark.count] <= Self.version else {
            throw ExhaustError(
                .newerVersion,
                "\(purpose.name): it has format \(box[purpose.mark.count]), this program knows \(Self.version)",
                remedy: "Use the newer version of the program.")
        }
        let bodyStart = Self.headerCount + Self.nonceCount
        let tagStart = box.count - Self.tagCount
        let cipher = try key.withUnsafeBytes {
            try BlockCipher(
                .authenticated, key: $0, initialVector: Array(box[Self.headerCount..<bodyStart]), encrypts: false)
        }
        try cipher.authenticate(box[..<Self.headerCount] + associatedData)
        try cipher.expect(tag: Array(box[tagStart...]))
        let room = tagStart - bodyStart + BlockCipher.blockSize
        let plain = try [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
            filled = try box.withUnsafeBytes {
                try cipher.update($0.part(bodyStart..<tagStart), into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        guard try cipher.finish() != nil else {
            throw ExhaustError(
                .authenticationFailed, "\(purpose.name): it was altered, or belongs to another key or place",
                remedy: "Check that the data folder and its master key belong together.", mender: .operator)
        }
        return plain
    }
}
