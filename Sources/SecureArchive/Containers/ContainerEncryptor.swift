/// What is known of a container once it has been made: all that its entry and the comment of the archive need.
public struct ContainerDigest: Sendable, Hashable {
    /// Bytes of the container.
    public let byteCount: UInt64
    /// CRC-32 of the container.
    public let crc32: UInt32
    /// The code that authenticates it (`ContainerAuthentication`).
    public let authentication: [UInt8]

    /// The entry that holds the container: stored, as ciphertext does not deflate.
    public func entry(name: String, modified: DOSTime) -> ZipEntry {
        ZipEntry(name: name, modified: modified, content: .stored(byteCount: byteCount, crc32: crc32))
    }
}

/// Turns content into the bytes of a container, in pieces.
///
/// The header of the entry wants the CRC of the container before its bytes, so the content goes through twice: once into a
/// sink that forgets, whose digest announces the entry, and again into the archive. (A data descriptor would spare the
/// first pass, but readers that stream refuse one after a stored entry.) One owner; may cross tasks.
public struct ContainerEncryptor: ~Copyable, Sendable {
    private let cipher: BlockCipher
    private let code: MessageAuthentication
    private let output: RawStorage
    private var header: [UInt8]?
    private var crc = CRC32()
    private var byteCount: UInt64 = 0

    /// Begins at the first byte of the container.
    public init(_ container: EncryptedContainer) throws {
        let code = try ContainerAuthentication.code(fileKey: container.fileKey)
        cipher = try container.fileKey.withUnsafeBytes {
            try BlockCipher(.chained, key: $0, initialVector: EncryptedContainer.zeroVector, encrypts: true)
        }
        self.code = code
        output = RawStorage(count: PieceSize.working + BlockCipher.blockSize)
        header = container.header
    }

    /// Encrypts more content into `sink`.
    public mutating func append(_ bytes: UnsafeRawBufferPointer, to sink: ByteSink) throws {
        try writeHeader(to: sink)
        try bytes.forEachPiece(of: PieceSize.working) { piece in
            let written = try cipher.update(piece, into: output.bytes)
            try write(UnsafeRawBufferPointer(output.bytes).part(0..<written), to: sink)
        }
    }

    /// Writes the last block and tells what the container was.
    public consuming func finish(to sink: ByteSink) throws -> ContainerDigest {
        try writeHeader(to: sink)
        try (try cipher.finish() ?? []).withUnsafeBytes { try write($0, to: sink) }
        return ContainerDigest(byteCount: byteCount, crc32: crc.value, authentication: try code.finish())
    }

    private mutating func writeHeader(to sink: ByteSink) throws {
        guard let header else { return }
        self.header = nil
        try header.withUnsafeBytes { try write($0, to: sink) }
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer, to sink: ByteSink) throws {
        guard !bytes.isEmpty else { return }
        crc.update(bytes)
        try code.update(bytes)
        byteCount += UInt64(bytes.count)
        try sink(bytes)
    }
}
