public import ReportModel

/// What a zip entry must know of deflated parts before their bytes come: lengths, CRC-32, rows.
public struct PartSummary: Sendable, Hashable {
    /// Bytes of deflate, ended by a sync flush.
    public let deflatedCount: UInt64
    /// Bytes that come out.
    public let uncompressedCount: UInt64
    /// Of the bytes that come out.
    public let crc32: UInt32
    /// Rows of a report; the header is none.
    public let rowCount: UInt64

    /// The deflate block that ends a stream and holds nothing (RFC 1951, 3.2.6).
    static let finalBlock: [UInt8] = [3, 0]
    /// Far over anything real, and small enough that sums cannot overflow before they are refused.
    static let largestCount: UInt64 = 1 << 56

    /// Describes deflated bytes.
    public init(deflatedCount: UInt64, uncompressedCount: UInt64, crc32: UInt32, rowCount: UInt64) {
        self.deflatedCount = deflatedCount
        self.uncompressedCount = uncompressedCount
        self.crc32 = crc32
        self.rowCount = rowCount
    }

    /// No bytes and no rows.
    public static let empty = PartSummary(deflatedCount: 0, uncompressedCount: 0, crc32: 0, rowCount: 0)

    /// The summary of this part followed by `next`; throws where the sums pass what a zip can hold.
    public func joined(_ next: PartSummary) throws(ExhaustError) -> PartSummary {
        for count in [
            deflatedCount, uncompressedCount, rowCount, next.deflatedCount, next.uncompressedCount, next.rowCount,
        ] where count > Self.largestCount {
            throw overLimit("parts", "a length over \(Self.largestCount)", remedy: "Make the report smaller.")
        }
        return PartSummary(
            deflatedCount: deflatedCount + next.deflatedCount,
            uncompressedCount: uncompressedCount + next.uncompressedCount,
            crc32: CRC32.combined(crc32, next.crc32, secondCount: next.uncompressedCount),
            rowCount: rowCount + next.rowCount)
    }

    /// The summary of parts in their order.
    public static func joined(_ parts: some Sequence<PartSummary>) throws(ExhaustError) -> PartSummary {
        var whole = PartSummary.empty
        for part in parts { whole = try whole.joined(part) }
        return whole
    }
}
