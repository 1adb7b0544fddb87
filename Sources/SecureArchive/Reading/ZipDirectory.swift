internal import ReportModel

/// The directory of an archive, read and checked without any password.
struct ZipDirectory {
    struct Entry {
        let record: ZipRecord
        let name: String
        /// Where the next thing in the file begins; the content must end before.
        let regionEnd: UInt64
    }

    let entries: [Entry]
    let comment: [UInt8]

    static func read(_ source: any RandomAccessSource, limits: ArchiveLimits) throws -> ZipDirectory {
        let end = try ZipEnd.read(source, limits: limits)
        // The limit of the directory was checked, so its length fits an Int.
        let bytes = try source.bytes(at: end.directoryOffset, count: Int(end.directoryCount), of: "archive directory")
        var reader = ByteReader(bytes[...], of: "archive directory")
        var records: [ZipRecord] = []
        var contentCount: UInt64 = 0
        for index in 0..<end.entryCount {
            let record = try ZipRecord.readDirectory(&reader, "archive entry \(index + 1)")
            let (sum, overflow) = contentCount.addingReportingOverflow(record.uncompressedCount)
            guard !overflow, sum <= limits.contentByteCount else {
                throw overLimit("archive", "its entries hold over \(limits.contentByteCount) bytes")
            }
            contentCount = sum
            records.append(record)
        }
        guard reader.remaining == 0 else { throw damaged("archive directory", "it has more than its entries") }
        return ZipDirectory(entries: try place(records, end.directoryOffset), comment: end.comment)
    }

    /// Names the entries and gives each the room up to the next, so that no byte belongs to two: entries that overlap
    /// are how a small file makes a huge one.
    private static func place(_ records: [ZipRecord], _ directoryOffset: UInt64) throws -> [Entry] {
        var names = EntryNames()
        let starts = records.map(\.offset).sorted() + [directoryOffset]
        var regionEnds: [UInt64: UInt64] = [:]
        for (start, next) in zip(starts, starts.dropFirst()) {
            guard start < next else { throw damaged("archive", "its entries overlap") }
            regionEnds[start] = next
        }
        return try records.enumerated().map { index, record in
            let position = "archive entry \(index + 1)"
            try EntryName.check(record.name, position)
            guard let name = String(validating: record.name, as: UTF8.self) else {
                throw unsupported(position, "its name is not UTF-8")
            }
            try names.insert(name)
            try checkKind(record, name)
            return Entry(record: record, name: name, regionEnd: regionEnds[record.offset] ?? directoryOffset)
        }
    }

    private static func checkKind(_ record: ZipRecord, _ name: String) throws {
        guard record.flags & ZipRecord.unknownFlags == 0 else { throw unsupported(name, "it uses unknown features") }
        guard record.method == ZipRecord.stored || record.method == ZipRecord.deflated else {
            throw unsupported(name, "its compression method \(record.method) is unknown")
        }
        let isEncrypted = record.flags & ZipRecord.isEncrypted != 0
        guard isEncrypted || record.encryption == nil else {
            throw damaged(name, "it has an encryption header and is not encrypted")
        }
    }
}
