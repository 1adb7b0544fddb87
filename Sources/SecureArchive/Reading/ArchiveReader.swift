internal import ReportModel

/// How the content of an entry was protected.
public enum EntryProtection: Sendable, Hashable {
    /// Not at all.
    case none
    /// WinZip AES with a key of that many bits; authenticated.
    case aes(keyBits: Int)
    /// Traditional PKWARE encryption; not authenticated.
    case zipCrypto
    /// A container of the replaced system (upstream.md 6.2).
    case container(ContainerLevel)
}

/// One entry of an archive that was verified.
public struct ArchivedEntry: Sendable, Hashable {
    /// A relative path that is safe to write.
    public let name: String
    /// Bytes of content.
    public let byteCount: UInt64
    /// How the content was protected.
    public let protection: EntryProtection
    /// Whether the content is proven to be what the writer wrote: true for AES and for containers with a code in the
    /// comment. The writer is somebody who knew the password; of a container for a public key it may be anybody. Names,
    /// times and the order of entries are never authenticated.
    public let authenticated: Bool
    /// Position in the archive.
    let index: Int
}

/// Opens an archive: the first pass authenticates all of it and gives away nothing, the second gives the content.
public struct ArchiveReader: Sendable {
    /// In the order of the directory.
    public let entries: [ArchivedEntry]
    /// The comment of the archive; not authenticated.
    public let comment: [UInt8]

    private let contents: ArchiveContents

    /// Reads the directory and verifies every entry.
    ///
    /// - Throws: `authenticationFailed` for a wrong or missing password or key, `dataDamaged` for a file that was altered or
    ///   cut, `limitExceeded`, `refused` for names that are not safe, `invalidInput` for kinds of archive that are unknown.
    public init(
        _ source: any RandomAccessSource, credentials: ArchiveCredentials = ArchiveCredentials(),
        limits: ArchiveLimits = ArchiveLimits()
    ) throws {
        let directory = try ZipDirectory.read(source, limits: limits)
        let codes = try ContainerAuthentication.codes(in: directory.comment)
        contents = ArchiveContents(
            source: source, credentials: credentials, directory: directory, codes: codes)
        comment = directory.comment
        entries = try contents.verify()
    }

    /// Hands the content of an entry to `sink`, verifying it again as it goes.
    ///
    /// If this throws, what the sink has got must not be used: the file was changed after it had been verified.
    public func read(_ entry: ArchivedEntry, to sink: ByteSink) throws {
        guard entries.indices.contains(entry.index), entries[entry.index] == entry else {
            throw misuse(entry.name, "it belongs to another archive")
        }
        try contents.read(entry, to: sink)
    }
}
