internal import ReportModel

extension ZipRecord {
    /// Bytes of a local header before name and extra fields.
    static let localHeaderCount = 30

    /// Reads the next header of the directory.
    static func readDirectory(_ reader: inout ByteReader, _ shown: String) throws -> ZipRecord {
        guard try reader.integer(UInt32.self) == Signature.directoryHeader else {
            throw damaged(shown, "its header in the directory is not one")
        }
        _ = try reader.integer(UInt16.self)  // made by
        var common = try Common(&reader)
        let commentCount = try reader.integer(UInt16.self)
        let disk = try reader.integer(UInt16.self)
        _ = try reader.take(6)  // attributes
        common.offset = UInt64(try reader.integer(UInt32.self))
        guard disk == 0 else { throw unsupported(shown, "it is on another volume") }
        let record = try common.record(&reader, shown)
        _ = try reader.take(Int(commentCount))
        return record
    }

    /// Reads the header before the content and demands that it says what the directory said; gives its length.
    func checkLocal(_ source: any RandomAccessSource, _ shown: String) throws -> UInt64 {
        let start = try source.bytes(at: offset, count: Self.localHeaderCount, of: shown)
        var reader = ByteReader(start[...], of: shown)
        guard try reader.integer(UInt32.self) == Signature.localHeader else {
            throw damaged(shown, "its header is not where the directory says")
        }
        let common = try Common(&reader)
        let restCount = common.nameCount + common.extraCount
        let rest = try source.bytes(at: offset + UInt64(Self.localHeaderCount), count: restCount, of: shown)
        var restReader = ByteReader(rest[...], of: shown)
        let local = try common.record(&restReader, shown)
        let sameCounts =
            local.packedCount == packedCount && local.uncompressedCount == uncompressedCount && local.crc32 == crc32
        guard local.name == name, local.flags == flags, local.method == method, local.encryption == encryption,
            local.modified == modified, sameCounts || flags & Self.hasDescriptor != 0
        else { throw damaged(shown, "its header and the directory contradict each other") }
        return UInt64(Self.localHeaderCount + restCount)
    }

    /// The fields that both headers share, before name and extra fields.
    private struct Common {
        let flags, method: UInt16
        let modified: DOSTime
        let crc32, packedCount, uncompressedCount: UInt32
        let nameCount, extraCount: Int
        /// Nil in a local header, which does not tell it.
        var offset: UInt64?

        init(_ reader: inout ByteReader) throws {
            _ = try reader.integer(UInt16.self)  // version needed: the method tells more
            flags = try reader.integer()
            method = try reader.integer()
            let time = try reader.integer(UInt16.self)
            modified = DOSTime(date: try reader.integer(), time: time)
            crc32 = try reader.integer()
            packedCount = try reader.integer()
            uncompressedCount = try reader.integer()
            nameCount = Int(try reader.integer(UInt16.self))
            extraCount = Int(try reader.integer(UInt16.self))
        }

        func record(_ reader: inout ByteReader, _ shown: String) throws -> ZipRecord {
            let name = Array(try reader.take(nameCount))
            var record = ZipRecord(
                name: name, flags: flags, method: method, modified: modified, crc32: crc32,
                packedCount: UInt64(packedCount), uncompressedCount: UInt64(uncompressedCount), offset: offset ?? 0)
            try record.readExtra(try reader.take(extraCount), hasOffset: offset != nil, shown)
            guard record.method != ZipRecord.aes, (method == ZipRecord.aes) == (record.encryption != nil)
            else { throw damaged(shown, "its encryption header is missing, or belongs to no encryption") }
            return record
        }
    }

    private mutating func readExtra(_ extra: ArraySlice<UInt8>, hasOffset: Bool, _ shown: String) throws {
        var fields = ByteReader(extra, of: shown)
        var sawZip64 = false
        while fields.remaining > 0 {
            let id = try fields.integer(UInt16.self)
            var field = ByteReader(try fields.take(Int(fields.integer(UInt16.self))), of: shown)
            switch id {
            case ExtraField.zip64:
                guard !sawZip64 else { throw damaged(shown, "it has two ZIP64 fields") }
                sawZip64 = true
                if uncompressedCount == Self.overflow32 { uncompressedCount = try field.integer() }
                if packedCount == Self.overflow32 { packedCount = try field.integer() }
                if hasOffset, offset == Self.overflow32 { offset = try field.integer() }
            case ExtraField.aes:
                guard encryption == nil else { throw damaged(shown, "it has two encryption headers") }
                let version = try field.integer(UInt16.self)
                let vendor = try field.take(2)
                let header = AESHeader(version: version, strength: try field.integer())
                guard vendor.elementsEqual("AE".utf8), (1...2).contains(version), (1...3).contains(header.strength)
                else {
                    throw unsupported(shown, "its kind of AES is unknown")
                }
                encryption = header
                method = try field.integer()
            default: break
            }
        }
    }
}
