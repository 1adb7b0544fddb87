/// How the entries of one archive are protected.
public enum ZipProtection: Sendable, Equatable {
    /// Not at all.
    case none
    /// AES-256 with authentication (WinZip AE-2).
    case aes256(Password)
    /// Traditional PKWARE encryption, which is weak: only for readers that know nothing better.
    case zipCrypto(Password)
}

/// An entry whose lengths and CRC are known before its bytes come.
public struct ZipEntry: Sendable, Hashable {
    /// Where the bytes of the entry come from.
    public enum Content: Sendable, Hashable {
        /// The deflated bytes of parts, in order.
        case joined(PartSummary)
        /// Bytes as they are.
        case stored(byteCount: UInt64, crc32: UInt32)
    }

    /// UTF-8, relative, `/` between folders.
    public let name: String
    /// Shown as the time of the file.
    public let modified: DOSTime
    /// What comes.
    public let content: Content

    /// Announces an entry.
    public init(name: String, modified: DOSTime, content: Content) {
        self.name = name
        self.modified = modified
        self.content = content
    }
}
