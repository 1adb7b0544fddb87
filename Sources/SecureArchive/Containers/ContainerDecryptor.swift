internal import ReportModel

/// Turns the bytes of a container back into its content, in pieces, and computes the code that authenticates it.
final class ContainerDecryptor {
    /// Most bytes of the line that holds the wrapped key: RSA of 16,384 bits has 2,732.
    private static let longestKeyLine = 4096

    private enum Stage {
        case header([UInt8])
        case content
        /// The header was no good; the rest passes unread, as the CRC may tell that the file is damaged.
        case refused(ExhaustError)
    }

    /// Owned by a class of its own so that it can be made when the header is complete.
    private final class Content {
        let cipher: BlockCipher
        let code: MessageAuthentication

        init(fileKey: SymmetricKey, header: [UInt8]) throws {
            cipher = try fileKey.withUnsafeBytes {
                try BlockCipher(.chained, key: $0, initialVector: EncryptedContainer.zeroVector, encrypts: false)
            }
            code = try ContainerAuthentication.code(fileKey: fileKey)
            try header.withUnsafeBytes { try code.update($0) }
        }
    }

    let level: ContainerLevel
    private let name: String
    private let credentials: ArchiveCredentials
    private let output = RawStorage(count: PieceSize.working + BlockCipher.blockSize)
    private var stage = Stage.header([])
    private var content: Content?

    /// `name` is that of the entry, for errors.
    init(_ level: ContainerLevel, name: String, credentials: ArchiveCredentials) {
        self.level = level
        self.name = name
        self.credentials = credentials
    }

    func append(_ bytes: UnsafeRawBufferPointer, to sink: ByteSink) throws {
        var rest = bytes
        if case .header(let header) = stage { rest = try readHeader(header, bytes) }
        guard case .content = stage, let content else { return }
        try content.code.update(rest)
        try rest.forEachPiece(of: PieceSize.working) { piece in
            let written = try content.cipher.update(piece, into: output.bytes)
            if written > 0 { try sink(UnsafeRawBufferPointer(output.bytes).part(0..<written)) }
        }
    }

    /// Hands on the last bytes and gives the code of the container.
    func finish(to sink: ByteSink) throws -> [UInt8] {
        if case .refused(let error) = stage { throw error }
        guard case .content = stage, let content else { throw damaged(name, "its container ends within the header") }
        guard let last = try content.cipher.finish() else {
            throw damaged(name, "the last block of its container is not in form")
        }
        if !last.isEmpty { try last.withUnsafeBytes { try sink($0) } }
        return try content.code.finish()
    }

    /// Collects the two lines of the header; gives the bytes behind them.
    private func readHeader(_ soFar: [UInt8], _ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        var header = soFar
        for (index, byte) in bytes.enumerated() {
            header.append(byte)
            guard header.count <= level.line.count + Self.longestKeyLine else {
                stage = .refused(damaged(name, "the key line of its container is too long"))
                return bytes
            }
            guard byte == ContainerLevel.lineEnd, header.count > level.line.count else { continue }
            try open(header)
            return bytes.part(index + 1..<bytes.count)
        }
        stage = .header(header)
        return bytes.part(bytes.count..<bytes.count)
    }

    private func open(_ header: [UInt8]) throws {
        guard let wrapped = Base64.decode(header[level.line.count..<header.count - 1]) else {
            stage = .refused(damaged(name, "the key line of its container is not Base64"))
            return
        }
        let fileKey: SymmetricKey?
        switch level {
        case .textKey:
            guard let password = credentials.password else { throw noPassword(name) }
            fileKey = try EncryptedContainer.unwrap(wrapped, password: password)
            if fileKey == nil { stage = .refused(wrongPassword(name)) }
        case .publicKey:
            guard let key = credentials.privateKey else {
                throw ExhaustError(
                    .authenticationFailed, "\(name): it is encrypted for a public key, and no private key was given",
                    remedy: "Give the private key of the organisation.")
            }
            fileKey = try key.unwrap(wrapped)
            if fileKey == nil {
                stage = .refused(
                    ExhaustError(
                        .authenticationFailed, "\(name): the private key does not fit",
                        remedy: "Give the key that belongs to the organisation's public key."))
            }
        }
        guard let fileKey else { return }
        content = try Content(fileKey: fileKey, header: header)
        stage = .content
    }
}

func noPassword(_ name: String) -> ExhaustError {
    ExhaustError(
        .authenticationFailed, "\(name): it is encrypted, and no password was given", remedy: "Give the password.")
}

func wrongPassword(_ name: String) -> ExhaustError {
    ExhaustError(
        .authenticationFailed, "\(name): the password is wrong",
        remedy: "Give the password that was chosen when the report was requested.")
}
