/// The finished rows of one range of learners, deflated and ended by a sync flush.
public struct Part: Sendable, Hashable {
    /// Lengths, CRC and rows.
    public let summary: PartSummary
    /// What the maker of the part keeps with it, such as counts and findings, in a form of its own.
    public let notes: [UInt8]
    /// Raw deflate without a final block.
    public let deflated: [UInt8]

    /// Pairs bytes with what is known of them.
    public init(summary: PartSummary, notes: [UInt8] = [], deflated: [UInt8]) {
        self.summary = summary
        self.notes = notes
        self.deflated = deflated
    }
}

/// Parts as they are stored: AES-256-GCM under the key of their run.
public struct PartSeal: Sendable {
    /// Most bytes of notes in one part.
    public static let largestNotesCount = 16 << 20

    private let box: SealedBox

    /// Seals with the key of a run, which belongs to that run alone.
    public init(key: SymmetricKey) { box = SealedBox(.part, key: key) }

    /// Seals a part; `associatedData` names run and range, so that no part is taken for another.
    public func seal(_ part: Part, associatedData: [UInt8]) throws -> [UInt8] {
        guard part.notes.count <= Self.largestNotesCount else {
            throw overLimit("part", "over \(Self.largestNotesCount) bytes of notes", remedy: "Use smaller ranges.")
        }
        guard part.summary.deflatedCount == UInt64(part.deflated.count) else {
            throw misuse("part", "its summary speaks of other bytes")
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(24 + part.notes.count + part.deflated.count)
        plain.append(littleEndian: part.summary.uncompressedCount)
        plain.append(littleEndian: part.summary.rowCount)
        plain.append(littleEndian: part.summary.crc32)
        plain.append(littleEndian: UInt32(part.notes.count))
        plain += part.notes
        plain += part.deflated
        return try box.seal(plain, associatedData: associatedData)
    }

    /// The part; throws if it was altered or belongs to another run or range.
    public func open(_ sealed: [UInt8], associatedData: [UInt8]) throws -> Part {
        let plain = try box.open(sealed, associatedData: associatedData)
        var reader = ByteReader(plain[...], of: "part")
        let uncompressedCount = try reader.integer(UInt64.self)
        let rowCount = try reader.integer(UInt64.self)
        let crc32 = try reader.integer(UInt32.self)
        let notes = Array(try reader.take(Int(reader.integer(UInt32.self))))
        let deflated = Array(try reader.take(reader.remaining))
        let summary = PartSummary(
            deflatedCount: UInt64(deflated.count), uncompressedCount: uncompressedCount, crc32: crc32,
            rowCount: rowCount)
        return Part(summary: summary, notes: notes, deflated: deflated)
    }
}
