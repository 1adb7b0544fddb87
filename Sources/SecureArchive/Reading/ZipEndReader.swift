internal import ReportModel

extension ZipEnd {
    private static let endCount = 22
    private static let locator64Count = 20
    private static let end64Count = 56

    /// Finds the end of an archive: the last end record whose comment reaches exactly to the end of the file.
    static func read(_ source: any RandomAccessSource, limits: ArchiveLimits) throws -> ZipEnd {
        let reach = min(source.byteCount, UInt64(endCount + longestComment))
        let tail = try source.bytes(at: source.byteCount - reach, count: Int(reach), of: "archive")
        guard let start = startOfEnd(in: tail) else {
            throw damaged("archive", "it is not a zip file, or its end is missing")
        }
        var reader = ByteReader(tail[start...], of: "archive end")
        _ = try reader.take(4)
        let disk = try reader.integer(UInt16.self)
        let directoryDisk = try reader.integer(UInt16.self)
        let countHere = try reader.integer(UInt16.self)
        let count = try reader.integer(UInt16.self)
        let directoryCount = try reader.integer(UInt32.self)
        let directoryOffset = try reader.integer(UInt32.self)
        _ = try reader.integer(UInt16.self)
        guard disk == 0, directoryDisk == 0, countHere == count else {
            throw unsupported("archive", "it is one of several volumes")
        }
        var end = ZipEnd(
            entryCount: UInt64(count), directoryOffset: UInt64(directoryOffset),
            directoryCount: UInt64(directoryCount), comment: Array(try reader.take(reader.remaining)))
        var position = source.byteCount - reach + UInt64(start)
        if end.entryCount == ZipRecord.overflow16 || end.directoryCount == ZipRecord.overflow32
            || end.directoryOffset == ZipRecord.overflow32, let place = try placeOfEnd64(source, before: position)
        {
            position = place
            try end.replace(by: source.bytes(at: place, count: end64Count, of: "archive end"))
        }
        guard end.directoryCount <= limits.directoryByteCount else {
            throw overLimit(
                "archive", "its directory has \(end.directoryCount) bytes, over \(limits.directoryByteCount)")
        }
        guard end.entryCount <= limits.entryCount else {
            throw overLimit("archive", "it has \(end.entryCount) entries, over \(limits.entryCount)")
        }
        guard end.directoryOffset <= position, end.directoryCount == position - end.directoryOffset else {
            throw damaged("archive", "its directory is not where its end says")
        }
        return end
    }

    private static func startOfEnd(in tail: [UInt8]) -> Int? {
        guard tail.count >= endCount else { return nil }
        return (0...tail.count - endCount).reversed().first { start in
            tail[start] == 0x50 && tail[start + 1] == 0x4B && tail[start + 2] == 5 && tail[start + 3] == 6
                && start + endCount + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
        }
    }

    /// Without a locator the short record means what it says: 65,535 entries need none.
    private static func placeOfEnd64(_ source: any RandomAccessSource, before end: UInt64) throws -> UInt64? {
        guard end >= UInt64(locator64Count) else { return nil }
        let start = end - UInt64(locator64Count)
        var reader = ByteReader(
            try source.bytes(at: start, count: locator64Count, of: "archive end")[...], of: "archive end")
        guard try reader.integer(UInt32.self) == ZipRecord.Signature.locator64 else { return nil }
        let disk = try reader.integer(UInt32.self)
        let place = try reader.integer(UInt64.self)
        guard disk == 0, try reader.integer(UInt32.self) <= 1 else {
            throw unsupported("archive", "it is one of several volumes")
        }
        guard place <= start, start - place == UInt64(end64Count) else {
            throw damaged("archive", "its ZIP64 end is not where its locator says")
        }
        return place
    }

    private mutating func replace(by record: [UInt8]) throws {
        var reader = ByteReader(record[...], of: "archive end")
        guard try reader.integer(UInt32.self) == ZipRecord.Signature.end64,
            try reader.integer(UInt64.self) == UInt64(Self.end64Count - 12)
        else { throw damaged("archive", "its ZIP64 end is not in form") }
        _ = try reader.take(4)
        let disks = try reader.integer(UInt64.self)
        let countHere = try reader.integer(UInt64.self)
        entryCount = try reader.integer()
        directoryCount = try reader.integer()
        directoryOffset = try reader.integer()
        guard disks == 0, countHere == entryCount else { throw unsupported("archive", "it is one of several volumes") }
    }
}
