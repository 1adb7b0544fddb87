import ReportModel
import Testing

@testable import SecureArchive

@Suite struct ZipWriterTests {
    @Test func `a small open archive has exactly these bytes`() throws {
        let made = try archive([("a.csv", bytes("x\n"))], comment: bytes("c"))
        // Version 2.0, UTF-8 name, stored, 13:45:54 on 2024-02-29, CRC, lengths 2 and 2, name of 5.
        let fields = "1400 0008 0000 bb6d 5d58 1f08ea46 02000000 02000000 0500 0000"
        let local = "504b0304 \(fields) 612e637376 780a"
        // Made on Unix, mode 0600, at offset 0.
        let central = "504b0102 3303 \(fields) 0000 0000 0000 00008081 00000000 612e637376"
        // One entry, directory of 51 bytes at 37, comment of 1.
        let end = "504b0506 0000 0000 0100 0100 33000000 25000000 0100 63"
        #expect(try made == hex((local + central + end).replacing(" ", with: "")))
    }

    @Test func `the same input gives the same open archive`() throws {
        let entries = [("a.csv", csv(rows: 100)), ("b.csv", [])]
        #expect(try archive(entries) == archive(entries))
    }

    @Test func `the same input never gives the same encrypted archive`() throws {
        let protection = ZipProtection.aes256(try Password("pass1234"))
        #expect(try archive([("a", [1])], protection: protection) != archive([("a", [1])], protection: protection))
    }

    @Test func `ZIP64 is not used where it is not needed`() throws {
        for protection in [ZipProtection.none, .aes256(try Password("pass1234"))] {
            let made = Hexadecimal.text(try archive([("a.csv", csv(rows: 100))], protection: protection))
            #expect(!made.contains("504b0606") && !made.contains("504b0607") && !made.contains("2d000008"))
        }
    }

    @Test(arguments: [
        (UInt64(0xFFFF_FFFE), UInt64(10), false), (0xFFFF_FFFF, 10, true), (10, 0xFFFF_FFFE, false),
        (10, 0xFFFF_FFFF, true),
    ])
    func `a length takes ZIP64 from the value that says so`(packed: UInt64, offset: UInt64, large: Bool) {
        let record = ZipRecord(
            name: bytes("a"), flags: ZipRecord.isUTF8, method: 0, encryption: nil, modified: someTime, crc32: 0,
            packedCount: packed, uncompressedCount: 10, offset: offset)
        #expect(record.directoryHeader().count == 46 + 1 + (large ? 12 : 0))
        #expect(record.localHeader().count == 30 + 1 + (packed >= 0xFFFF_FFFF ? 20 : 0))
    }

    @Test(arguments: [(UInt64(65_534), false), (65_535, true)])
    func `the count of entries takes ZIP64 from the value that says so`(count: UInt64, large: Bool) {
        let end = ZipEnd(entryCount: count, directoryOffset: 5, directoryCount: 5, comment: [])
        #expect(end.bytes().count == 22 + (large ? 76 : 0))
    }

    @Test func `bytes can be taken out at any time`() throws {
        let content = csv(rows: 5000)
        let parts = try [part(Array(content[..<1000])), part(Array(content[1000...]))]
        var writer = ZipWriter(protection: .aes256(try Password("pass1234")))
        var made: [UInt8] = []
        let whole = try PartSummary.joined(parts.map(\.summary))
        try writer.begin(ZipEntry(name: "a.csv", modified: someTime, content: .joined(whole)))
        for part in parts {
            try writer.append(part.deflated) { made += $0 }
            #expect(writer.pendingCount == 0)
        }
        try writer.end()
        made += writer.takePending()
        try writer.finish()
        writer.drain { made += $0 }
        #expect(writer.writtenCount == UInt64(made.count))
        #expect(try readAll(made, credentials("pass1234")).map(\.content) == [content])
    }

    @Test func `an asynchronous destination gets every piece`() async throws {
        let content = try RandomBytes.make(count: 2 * ZipWriter.pieceCount + 5)
        var crc = CRC32()
        crc.update(content)
        var writer = ZipWriter()
        let stored = ZipEntry.Content.stored(byteCount: UInt64(content.count), crc32: crc.value)
        try writer.begin(ZipEntry(name: "a", modified: someTime, content: stored))
        var pieces: [[UInt8]] = []
        try await writer.append(content) { bytes in
            await Task.yield()
            pieces.append(bytes)
        }
        try writer.end()
        try writer.finish()
        #expect(pieces.count == 3)
        #expect(try readAll(pieces.flatMap { $0 } + writer.takePending()).map(\.content) == [content])
    }

    @Test func `an entry whose bytes are not those announced is refused`() throws {
        let good = try part(csv(rows: 9))
        var short = ZipWriter()
        try short.begin(ZipEntry(name: "a", modified: someTime, content: .joined(good.summary)))
        try short.append(Array(good.deflated.dropLast()))
        #expect(failure { try short.end() }?.code == .internalFault)
        var wrong = ZipWriter()
        try wrong.begin(ZipEntry(name: "a", modified: someTime, content: .stored(byteCount: 1, crc32: 1)))
        try wrong.append([1])
        #expect(failure { try wrong.end() }?.message.contains("CRC") == true)
    }

    @Test func `calls out of order are refused`() throws {
        var writer = ZipWriter()
        #expect(failure { try writer.append([1]) } != nil)
        #expect(failure { try writer.end() } != nil)
        try writer.begin(ZipEntry(name: "a", modified: someTime, content: .stored(byteCount: 0, crc32: 0)))
        #expect(failure { try writer.finish() } != nil)
        #expect(failure { try writer.add("b", [], modified: someTime) } != nil)
        try writer.end()
        try writer.finish()
        #expect(failure { try writer.finish() } != nil)
        #expect(failure { try writer.add("b", [], modified: someTime) } != nil)
    }

    @Test(arguments: ["", "/a", "a/../b", "..", ".", "a//b", "a\\b", "a\nb", "a\u{7F}", "a\u{9B}b", "C:x", "a/"])
    func `a name that is not safe is refused`(name: String) {
        var writer = ZipWriter()
        #expect(failure { try writer.add(name, [], modified: someTime) }?.code == .refused)
    }

    @Test(arguments: [["a", "a"], ["a/b", "a"], ["a", "a/b"], ["a/b/c", "a/b"]])
    func `two entries of one name are refused`(names: [String]) {
        #expect(failure { _ = try archive(names.map { ($0, []) }) }?.code == .refused)
    }

    @Test func `a comment that no archive can hold is refused`() throws {
        #expect(try archive([], comment: [UInt8](repeating: 32, count: 65_535)).count == 22 + 65_535)
        let error = failure { _ = try archive([], comment: [UInt8](repeating: 32, count: 65_536)) }
        #expect(error?.code == .limitExceeded)
    }

    @Test func `times outside what a zip can say are brought inside`() {
        #expect(DOSTime(year: 1970, month: 1, day: 1) == DOSTime(year: 1980, month: 1, day: 1))
        #expect(DOSTime(year: 2200, month: 13, day: 40).date == 0xFF9F)
        #expect(someTime.date == 0x585D && someTime.time == 0x6DBB)
    }
}
