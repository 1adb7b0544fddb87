internal import ReportModel

/// The content of one entry: decrypts, inflates, and compares length, CRC and code with what the entry says.
struct EntryContent {
    let entry: ZipDirectory.Entry
    let source: any RandomAccessSource
    let password: Password?

    private var record: ZipRecord { entry.record }

    /// Reads the code over the ciphertext of an AES entry and compares it, decrypting nothing.
    func authenticate() throws {
        guard let header = record.encryption else { throw misuse(entry.name, "it is not AES") }
        let (cipher, range) = try openAES(header)
        try readPieces(range) { try cipher.authenticate(UnsafeRawBufferPointer($0)) }
        try compareTag(cipher, range)
    }

    /// Hands on the content. What a sink has got before an error is thrown must not be used.
    func read(to sink: ByteSink) throws {
        let packed = try packedRange()
        if let header = record.encryption {
            let (cipher, range) = try openAES(header)
            try unpack(range, checksCRC: header.version == 1, decrypt: { try cipher.decrypt($0) }, to: sink)
            try compareTag(cipher, range)
        } else if record.flags & ZipRecord.isEncrypted != 0 {
            let (cipher, range) = try openZipCrypto(packed)
            try unpack(range, checksCRC: true, decrypt: { cipher.decrypt($0) }, to: sink)
        } else {
            try unpack(packed, checksCRC: true, decrypt: { _ in }, to: sink)
        }
    }

    /// Where the packed bytes lie, after the local header.
    private func packedRange() throws -> Range<UInt64> {
        let start = record.offset + (try record.checkLocal(source, entry.name))
        guard start <= entry.regionEnd, record.packedCount <= entry.regionEnd - start else {
            throw damaged(entry.name, "it reaches into what follows")
        }
        return start..<start + record.packedCount
    }

    private func unpack(
        _ range: Range<UInt64>, checksCRC: Bool, decrypt: (UnsafeMutableRawBufferPointer) throws -> Void,
        to sink: ByteSink
    ) throws {
        var count: UInt64 = 0
        var crc = CRC32()
        func accept(_ bytes: UnsafeRawBufferPointer) throws {
            count += UInt64(bytes.count)
            guard count <= record.uncompressedCount else { throw damaged(entry.name, "it holds more than it says") }
            if checksCRC { crc.update(bytes) }
            try sink(bytes)
        }
        if record.method == ZipRecord.deflated {
            var inflater = Inflater()
            try readPieces(range) {
                try decrypt($0)
                try inflater.append(UnsafeRawBufferPointer($0), to: accept)
            }
            try inflater.finish()
        } else {
            try readPieces(range) {
                try decrypt($0)
                try accept(UnsafeRawBufferPointer($0))
            }
        }
        guard count == record.uncompressedCount else { throw damaged(entry.name, "it holds less than it says") }
        guard !checksCRC || crc.value == record.crc32 else { throw damaged(entry.name, "its CRC does not fit") }
    }

    private func readPieces(_ range: Range<UInt64>, _ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        let buffer = RawStorage(count: Int(min(UInt64(PieceSize.working), UInt64(range.count))))
        var position = range.lowerBound
        while position < range.upperBound {
            let count = Int(min(UInt64(buffer.bytes.count), range.upperBound - position))
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
            try source.read(at: position, into: piece)
            try body(piece)
            position += UInt64(count)
        }
    }

    private func openAES(_ header: ZipRecord.AESHeader) throws -> (cipher: WinZipAES, range: Range<UInt64>) {
        guard let password else { throw noPassword(entry.name) }
        let packed = try packedRange()
        let prefixCount = header.saltCount + WinZipAES.verifierCount
        guard packed.count >= prefixCount + WinZipAES.tagCount else { throw damaged(entry.name, "it is too short") }
        let prefix = try source.bytes(at: packed.lowerBound, count: prefixCount, of: entry.name)
        let cipher = try WinZipAES(
            password: password, salt: Array(prefix[..<header.saltCount]), keyCount: header.keyCount)
        guard sameBytes(cipher.verifier, Array(prefix[header.saltCount...])) else { throw wrongPassword(entry.name) }
        let end = packed.upperBound - UInt64(WinZipAES.tagCount)
        return (cipher, packed.lowerBound + UInt64(prefixCount)..<end)
    }

    private func compareTag(_ cipher: WinZipAES, _ range: Range<UInt64>) throws {
        let tag = try source.bytes(at: range.upperBound, count: WinZipAES.tagCount, of: entry.name)
        guard sameBytes(try cipher.tag(), tag) else {
            throw damaged(entry.name, "it was altered or damaged (or, once in 65,536 times, the password is wrong)")
        }
    }

    private func openZipCrypto(_ packed: Range<UInt64>) throws -> (cipher: ZipCrypto, range: Range<UInt64>) {
        guard let password else { throw noPassword(entry.name) }
        guard packed.count >= ZipCrypto.headerCount else { throw damaged(entry.name, "it is too short") }
        let cipher = ZipCrypto(password: password)
        var header = try source.bytes(at: packed.lowerBound, count: ZipCrypto.headerCount, of: entry.name)
        header.withUnsafeMutableBytes { cipher.decrypt($0) }
        // Writers that did not know the CRC yet put the time there.
        let usesTime = record.flags & ZipRecord.hasDescriptor != 0
        let expected = usesTime ? UInt8(record.modified.time >> 8) : UInt8(record.crc32 >> 24)
        guard header.last == expected else { throw wrongPassword(entry.name) }
        return (cipher, packed.lowerBound + UInt64(ZipCrypto.headerCount)..<packed.upperBound)
    }
}
