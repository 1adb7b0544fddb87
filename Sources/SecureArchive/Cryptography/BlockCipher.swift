internal import COpenSSL
internal import ReportModel

/// AES of OpenSSL in one mode and direction; one owner, so it may cross tasks although its context may not be shared.
struct BlockCipher: ~Copyable, @unchecked Sendable {
    static let blockSize = 16

    enum Mode {
        /// Without padding: whole blocks, for counter mode.
        case blocks
        /// With PKCS #7 padding (PKCS#5 in upstream.md 6.2).
        case chained
        /// Galois/counter mode, 96-bit nonce.
        case authenticated
    }

    private let context: OpaquePointer
    private let encrypts: Bool

    init(_ mode: Mode, key: UnsafeRawBufferPointer, initialVector: [UInt8]? = nil, encrypts: Bool) throws {
        guard let context = EVP_CIPHER_CTX_new() else { throw openSSLFault("cipher") }
        let start = key.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let cipher = Self.algorithm(mode, keyCount: key.count)
        guard cipher != nil, EVP_CipherInit_ex(context, cipher, nil, start, initialVector, encrypts ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, mode == .chained ? 1 : 0) == 1
        else {
            EVP_CIPHER_CTX_free(context)
            throw openSSLFault("cipher")
        }
        self.context = context
        self.encrypts = encrypts
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    private static func algorithm(_ mode: Mode, keyCount: Int) -> OpaquePointer? {
        switch (mode, keyCount) {
        case (.blocks, 16): EVP_aes_128_ecb()
        case (.blocks, 24): EVP_aes_192_ecb()
        case (.blocks, 32): EVP_aes_256_ecb()
        case (.chained, 32): EVP_aes_256_cbc()
        case (.authenticated, 32): EVP_aes_256_gcm()
        default: nil
        }
    }

    /// Writes at most `input.count` + 15 bytes to `output` and returns how many.
    func update(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !input.isEmpty else { return 0 }
        guard let count = Int32(exactly: input.count), output.count >= input.count + Self.blockSize - 1 else {
            throw misuse("cipher", "a piece of \(input.count) bytes does not fit")
        }
        return try update(input, count, output.baseAddress)
    }

    /// The same for whole blocks, which need no room beyond their own.
    func updateBlocks(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws {
        guard let count = Int32(exactly: input.count), input.count.isMultiple(of: Self.blockSize),
            output.count >= input.count
        else { throw misuse("cipher", "\(input.count) bytes are not whole blocks") }
        _ = try update(input, count, output.baseAddress)
    }

    /// Adds data that is authenticated but not encrypted; before any other.
    func authenticate(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        guard let count = Int32(exactly: bytes.count) else { throw misuse("cipher", "too much associated data") }
        var written = Int32(0)
        try succeed(EVP_CipherUpdate(context, nil, &written, bytes, count), "cipher")
    }

    private func update(_ input: UnsafeRawBufferPointer, _ count: Int32, _ output: UnsafeMutableRawPointer?) throws
        -> Int
    {
        var written = Int32(0)
        let target = output?.assumingMemoryBound(to: UInt8.self)
        let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        try succeed(EVP_CipherUpdate(context, target, &written, start, count), "cipher")
        return Int(written)
    }

    /// Writes the last block, if the mode has one, and returns its bytes; nil if padding or tag do not fit.
    func finish() throws -> [UInt8]? {
        var written = Int32(0)
        var accepted = false
        let last = [UInt8](unsafeUninitializedCapacity: 2 * Self.blockSize) { buffer, filled in
            accepted = EVP_CipherFinal_ex(context, buffer.baseAddress, &written) == 1
            filled = accepted ? Int(written) : 0
        }
        if accepted { return last }
        guard !encrypts else { throw openSSLFault("cipher") }
        ERR_clear_error()
        return nil
    }

    /// The 16-byte tag, after `finish` of an encryption.
    func tag() throws -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: Self.blockSize)
        try succeed(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag), "cipher")
        return tag
    }

    /// The tag that `finish` of a decryption compares with.
    func expect(tag: [UInt8]) throws {
        var tag = tag
        try succeed(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag), "cipher")
    }
}
