/// What an archive may ask of whoever opens it; a file from outside can claim anything.
public struct ArchiveLimits: Sendable, Hashable {
    /// Most entries.
    public var entryCount: UInt64
    /// Most bytes of the directory, which is read into memory.
    public var directoryByteCount: UInt64
    /// Most bytes that all entries together may give.
    public var contentByteCount: UInt64

    /// Defaults: 200,000 entries, 64 MiB of directory, 1 TiB of content.
    public init(
        entryCount: UInt64 = 200_000, directoryByteCount: UInt64 = 64 << 20, contentByteCount: UInt64 = 1 << 40
    ) {
        self.entryCount = entryCount
        self.directoryByteCount = directoryByteCount
        self.contentByteCount = contentByteCount
    }
}

/// What whoever opens an archive can show.
public struct ArchiveCredentials: Sendable {
    /// For AES, ZipCrypto and containers of a password.
    public var password: Password?
    /// For containers of a public key.
    public var privateKey: PrivateKey?

    /// Either, both or none.
    public init(password: Password? = nil, privateKey: PrivateKey? = nil) {
        self.password = password
        self.privateKey = privateKey
    }
}
