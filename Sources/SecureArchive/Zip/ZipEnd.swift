/// The end of an archive: where its directory lies, and the comment (APPNOTE 4.3.14 to 4.3.16).
struct ZipEnd {
    static let longestComment = 0xFFFF

    var entryCount: UInt64
    var directoryOffset: UInt64
    var directoryCount: UInt64
    var comment: [UInt8]

    /// A value that the short record would read as "see ZIP64" must be in ZIP64, so the bounds are inclusive.
    private var needsZip64: Bool {
        entryCount >= ZipRecord.overflow16 || directoryOffset >= ZipRecord.overflow32
            || directoryCount >= ZipRecord.overflow32
    }

    func bytes() -> [UInt8] {
        var bytes: [UInt8] = []
        if needsZip64 {
            bytes.append(littleEndian: ZipRecord.Signature.end64)
            bytes.append(littleEndian: UInt64(44))
            bytes.append(littleEndian: UInt16(3 << 8 | 45))
            bytes.append(littleEndian: UInt16(45))
            bytes.append(littleEndian: UInt32(0))
            bytes.append(littleEndian: UInt32(0))
            bytes.append(littleEndian: entryCount)
            bytes.append(littleEndian: entryCount)
            bytes.append(littleEndian: directoryCount)
            bytes.append(littleEndian: directoryOffset)

            bytes.append(littleEndian: ZipRecord.Signature.locator64)
            bytes.append(littleEndian: UInt32(0))
            bytes.append(littleEndian: directoryOffset + directoryCount)
            bytes.append(littleEndian: UInt32(1))
        }
        bytes.append(littleEndian: ZipRecord.Signature.end)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt16(clamping: entryCount))
        bytes.append(littleEndian: UInt16(clamping: entryCount))
        bytes.append(littleEndian: UInt32(clamping: directoryCount))
        bytes.append(littleEndian: UInt32(clamping: directoryOffset))
        bytes.append(littleEndian: UInt16(comment.count))
        return bytes + comment
    }
}
