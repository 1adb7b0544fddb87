/// What the headers of one entry say (APPNOTE 4.3 and 4.4, WinZip AE specification).
struct ZipRecord {
    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8
    static let aes: UInt16 = 99

    static let isEncrypted: UInt16 = 1
    static let hasDescriptor: UInt16 = 1 << 3
    static let isUTF8: UInt16 = 1 << 11
    static let unknownFlags: UInt16 = ~(isEncrypted | 0b110 | hasDescriptor | isUTF8)

    /// A 32-bit length of this value says that the real one is in the ZIP64 extra field.
    static let overflow32: UInt64 = 0xFFFF_FFFF
    /// A count of entries of this value says that the real one is in the ZIP64 end record.
    static let overflow16: UInt64 = 0xFFFF

    var name: [UInt8]
    var flags: UInt16
    /// How the content is packed, below any encryption.
    var method: UInt16
    var encryption: AESHeader?
    var modified: DOSTime
    var crc32: UInt32
    var packedCount: UInt64
    var uncompressedCount: UInt64
    var offset: UInt64

    /// The extra field 0x9901.
    struct AESHeader: Equatable {
        /// 1 for AE-1 with a CRC, 2 for AE-2 without.
        var version: UInt16
        /// 1, 2, 3 for keys of 128, 192, 256 bits.
        var strength: UInt8

        var keyCount: Int { 8 + 8 * Int(strength) }
        var saltCount: Int { keyCount / 2 }
    }

    func localHeader() -> [UInt8] {
        let large = packedCount >= Self.overflow32 || uncompressedCount >= Self.overflow32
        var extra: [UInt8] = []
        if large { extra = Self.zip64([uncompressedCount, packedCount]) }
        extra += encryptionExtra()
        var header: [UInt8] = []
        header.append(littleEndian: Signature.localHeader)
        appendCommon(to: &header, large: large, counts: large ? (.max, .max) : counts, extraCount: extra.count)
        return header + name + extra
    }

    func directoryHeader() -> [UInt8] {
        let overflowing = [uncompressedCount, packedCount, offset].filter { $0 >= Self.overflow32 }
        let extra = (overflowing.isEmpty ? [] : Self.zip64(overflowing)) + encryptionExtra()
        var header: [UInt8] = []
        header.append(littleEndian: Signature.directoryHeader)
        header.append(littleEndian: Self.madeOnUnix | Self.newestVersion)
        appendCommon(to: &header, large: !overflowing.isEmpty, counts: counts, extraCount: extra.count)
        header.append(littleEndian: UInt16(0))  // comment
        header.append(littleEndian: UInt16(0))  // disk
        header.append(littleEndian: UInt16(0))  // internal attributes
        header.append(littleEndian: Self.ownerOnlyFile << 16)
        header.append(littleEndian: UInt32(clamping: offset))
        return header + name + extra
    }

    private static let madeOnUnix: UInt16 = 3 << 8
    private static let newestVersion: UInt16 = 51
    /// A regular file of mode 0600: reports hold personal data.
    private static let ownerOnlyFile: UInt32 = 0o100600

    private var counts: (packed: UInt32, uncompressed: UInt32) {
        (UInt32(clamping: packedCount), UInt32(clamping: uncompressedCount))
    }

    private func appendCommon(
        to header: inout [UInt8], large: Bool, counts: (packed: UInt32, uncompressed: UInt32), extraCount: Int
    ) {
        header.append(littleEndian: encryption != nil ? Self.newestVersion : large ? UInt16(45) : 20)
        header.append(littleEndian: flags)
        header.append(littleEndian: encryption != nil ? Self.aes : method)
        header.append(littleEndian: modified.time)
        header.append(littleEndian: modified.date)
        header.append(littleEndian: encryption?.version == 2 ? 0 : crc32)
        header.append(littleEndian: counts.packed)
        header.append(littleEndian: counts.uncompressed)
        header.append(littleEndian: UInt16(name.count))
        header.append(littleEndian: UInt16(extraCount))
    }

    private static func zip64(_ values: [UInt64]) -> [UInt8] {
        var extra: [UInt8] = []
        extra.append(littleEndian: ExtraField.zip64)
        extra.append(littleEndian: UInt16(8 * values.count))
        for value in values { extra.append(littleEndian: value) }
        return extra
    }

    private func encryptionExtra() -> [UInt8] {
        guard let encryption else { return [] }
        var extra: [UInt8] = []
        extra.append(littleEndian: ExtraField.aes)
        extra.append(littleEndian: UInt16(7))
        extra.append(littleEndian: encryption.version)
        extra += Array("AE".utf8)
        extra.append(encryption.strength)
        extra.append(littleEndian: method)
        return extra
    }

    enum Signature {
        static let localHeader: UInt32 = 0x0403_4B50
        static let directoryHeader: UInt32 = 0x0201_4B50
        static let end: UInt32 = 0x0605_4B50
        static let end64: UInt32 = 0x0606_4B50
        static let locator64: UInt32 = 0x0706_4B50
    }

    enum ExtraField {
        static let zip64: UInt16 = 0x0001
        static let aes: UInt16 = 0x9901
    }
}
