internal import ReportModel

/// Writes a zip archive in one go, without ever seeking: every header is known before the bytes that it describes.
///
/// Bytes collect in the writer; whoever writes takes them out with `takePending` or `drain`, as often as it likes, and
/// brings them where they belong. For an entry: `begin`, `append` any number of times, `end`; or `add` for a small one. At
/// the end `finish`. ZIP64 is used exactly where a length, an offset or the count of entries demands it. One owner; its
/// ciphers may not be shared, but the whole may cross tasks.
public struct ZipWriter: ~Copyable, @unchecked Sendable {
    /// Most bytes that may wait to be taken out.
    public static let largestPendingCount = 64 << 20
    /// Most bytes of one entry given to `add`.
    public static let largestWholeCount = 32 << 20
    /// Most bytes of the directory, which is kept until the end: some 300,000 entries.
    public static let largestDirectoryCount = 32 << 20

    private struct OpenEntry {
        var record: ZipRecord
        var cipher: EntryCipher
        var announced: UInt64
        var appended: UInt64 = 0
        /// Kept for stored content alone: that of parts was computed from the parts.
        var crc: CRC32?
        /// The CRC that was announced.
        var expectedCRC: UInt32
    }

    private let protection: ZipProtection
    private var deflater: Deflater?
    private var pending: [UInt8] = []
    private var taken: UInt64 = 0
    private var directory: [UInt8] = []
    private var entryCount: UInt64 = 0
    private var names = EntryNames()
    private var open: OpenEntry?
    private var finished = false

    /// An empty archive; every entry gets the same protection.
    public init(protection: ZipProtection = .none) { self.protection = protection }

    /// How many bytes wait to be taken out.
    public var pendingCount: Int { pending.count }

    /// How many bytes the archive has so far, taken out or not.
    public var writtenCount: UInt64 { taken + UInt64(pending.count) }

    /// Takes out the bytes that wait.
    public mutating func takePending() -> [UInt8] {
        taken += UInt64(pending.count)
        defer { pending = [] }
        return pending
    }

    /// Shows the bytes that wait to `sink` and forgets them, keeping the memory; if `sink` throws they go on waiting.
    public mutating func drain(to sink: ByteSink) rethrows {
        try pending.withUnsafeBytes { try sink($0) }
        taken += UInt64(pending.count)
        pending.removeAll(keepingCapacity: true)
    }

    /// Announces an entry and writes its header.
    public mutating func begin(_ entry: ZipEntry) throws {
        let shown = "archive entry \(entryCount + 1)"
        guard open == nil, !finished else { throw misuse(shown, "another one is open, or the archive is finished") }
        let name = Array(entry.name.utf8)
        try EntryName.check(name, shown)
        try names.insert(entry.name)
        var record = ZipRecord(
            name: name, flags: ZipRecord.isUTF8, method: ZipRecord.stored, modified: entry.modified, crc32: 0,
            packedCount: 0, uncompressedCount: 0, offset: writtenCount)
        let announced: UInt64
        var crc: CRC32?
        switch entry.content {
        case .joined(let parts):
            announced = parts.deflatedCount
            record.method = ZipRecord.deflated
            record.crc32 = parts.crc32
            record.uncompressedCount = parts.uncompressedCount
            record.packedCount = announced + UInt64(PartSummary.finalBlock.count)
        case .stored(let byteCount, let crc32):
            announced = byteCount
            record.crc32 = crc32
            record.uncompressedCount = byteCount
            record.packedCount = byteCount
            crc = CRC32()
        }
        guard announced <= PartSummary.largestCount, record.uncompressedCount <= PartSummary.largestCount else {
            throw overLimit(shown, "its length is over \(PartSummary.largestCount)", remedy: "Make the report smaller.")
        }
        let expectedCRC = record.crc32
        let cipher = try EntryCipher(protection, crc32: expectedCRC)
        if protection != .none { record.flags |= ZipRecord.isEncrypted }
        if case .aes256 = protection {
            record.encryption = EntryCipher.strongest
            // AE-2 leaves the CRC out: it would tell about the content, and the HMAC is the better check.
            record.crc32 = 0
        }
        record.packedCount += EntryCipher.overhead(protection)
        guard directory.count + record.directoryHeader().count <= Self.largestDirectoryCount else {
            throw overLimit(
                "archive", "its directory passes \(Self.largestDirectoryCount) bytes", remedy: "Use fewer entries.")
        }
        pending += record.localHeader()
        pending += cipher.prefix
        open = OpenEntry(record: record, cipher: cipher, announced: announced, crc: crc, expectedCRC: expectedCRC)
    }

    /// Writes the next bytes of the open entry: deflated bytes of parts, or bytes as they are, as was announced.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        guard open != nil else { throw misuse("archive", "no entry is open") }
        guard bytes.count <= Self.largestPendingCount - pending.count else {
            throw misuse("archive", "over \(Self.largestPendingCount) bytes wait to be taken out")
        }
        open?.appended += UInt64(bytes.count)
        open?.crc?.update(bytes)
        try encrypt(bytes)
    }

    /// The same, of an array.
    public mutating func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

    /// Ends the open entry; throws if its bytes are not those that were announced.
    public mutating func end() throws {
        guard let entry = open else { throw misuse("archive", "no entry is open") }
        guard entry.appended == entry.announced else {
            throw misuse("archive entry", "\(entry.appended) bytes came, \(entry.announced) were announced")
        }
        guard entry.crc == nil || entry.crc?.value == entry.expectedCRC else {
            throw misuse("archive entry", "its bytes have another CRC than was announced")
        }
        if entry.record.method == ZipRecord.deflated {
            try PartSummary.finalBlock.withUnsafeBytes { try encrypt($0) }
        }
        pending += try entry.cipher.suffix()
        directory += entry.record.directoryHeader()
        entryCount += 1
        open = nil
    }

    /// Writes a whole small entry, deflated if that makes it smaller.
    public mutating func add(_ name: String, _ bytes: [UInt8], modified: DOSTime) throws {
        guard bytes.count <= Self.largestWholeCount else {
            throw overLimit(
                "archive entry", "over \(Self.largestWholeCount) bytes at once", remedy: "Write it in parts.")
        }
        if let part = try deflated(bytes) {
            try begin(ZipEntry(name: name, modified: modified, content: .joined(part.summary)))
            try append(part.deflated)
        } else {
            var crc = CRC32()
            crc.update(bytes)
            let content = ZipEntry.Content.stored(byteCount: UInt64(bytes.count), crc32: crc.value)
            try begin(ZipEntry(name: name, modified: modified, content: content))
            try append(bytes)
        }
        try end()
    }

    /// Writes the directory and the end; nothing can follow. The comment has at most 65,535 bytes.
    public mutating func finish(comment: [UInt8] = []) throws {
        guard open == nil, !finished else { throw misuse("archive", "an entry is open, or it is finished already") }
        guard comment.count <= ZipEnd.longestComment else {
            throw overLimit(
                "archive comment", "\(comment.count) bytes, over \(ZipEnd.longestComment)",
                remedy: "Put fewer entries into one archive.")
        }
        let end = ZipEnd(
            entryCount: entryCount, directoryOffset: writtenCount, directoryCount: UInt64(directory.count),
            comment: comment)
        pending += directory
        pending += end.bytes()
        directory = []
        finished = true
    }

    /// Nil if deflate does not make it smaller.
    private mutating func deflated(_ bytes: [UInt8]) throws -> Part? {
        // A block, a flush and the final block take more than so few bytes can save.
        guard bytes.count > 16 else { return nil }
        if deflater == nil { deflater = Deflater() }
        try deflater?.append(bytes)
        guard let part = try deflater?.finish() else { return nil }
        return part.deflated.count + PartSummary.finalBlock.count < bytes.count ? part : nil
    }

    private mutating func encrypt(_ bytes: UnsafeRawBufferPointer) throws {
        let start = pending.count
        pending.append(contentsOf: bytes)
        guard let cipher = open?.cipher else { return }
        try pending.withUnsafeMutableBytes { try cipher.encrypt(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    }
}
