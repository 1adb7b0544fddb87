import Foundation
import ReportModel
import Testing

@testable import SecureArchive

@Suite struct ArchiveReaderTests {
    let entries = [
        ("batch_progress.csv", csv(rows: 3000)), ("receipt.json", bytes("{\"rows\":3000}")), ("empty.csv", []),
    ]

    func protections() throws -> [(ZipProtection, EntryProtection, Bool)] {
        let password = try Password("Pass 1234 ü")
        return [
            (.none, .none, false), (.aes256(password), .aes(keyBits: 256), true),
            (.zipCrypto(password), .zipCrypto, false),
        ]
    }

    @Test func `every protection reads back what was written`() throws {
        for (protection, shown, authenticated) in try protections() {
            let read = try readAll(archive(entries, protection: protection), credentials("Pass 1234 ü"))
            #expect(read.map(\.content) == entries.map(\.1))
            #expect(read.map(\.entry.name) == entries.map(\.0))
            #expect(read.map(\.entry.byteCount) == entries.map { UInt64($0.1.count) })
            #expect(read.allSatisfy { $0.entry.protection == shown && $0.entry.authenticated == authenticated })
        }
    }

    @Test func `a wrong or missing password is told from a damaged file`() throws {
        for (protection, _, _) in try protections().dropFirst() {
            let made = try archive([entries[0]], protection: protection)
            #expect(
                failure { _ = try readAll(made) }?.message
                    == "batch_progress.csv: it is encrypted, and no password was given")
            // A check byte of ZipCrypto lets one wrong password in 256 pass, so several are tried.
            let errors = try (0..<8).compactMap { number in
                let wrong = try credentials("wrong\(number)")
                return failure { _ = try readAll(made, wrong) }
            }
            #expect(errors.count == 8)
            #expect(errors.filter { $0.message == "batch_progress.csv: the password is wrong" }.count >= 5)
            var altered = made
            altered[altered.count / 2] ^= 0x10
            #expect(failure { _ = try readAll(altered, credentials("Pass 1234 ü")) }?.code == .dataDamaged)
        }
    }

    @Test func `nothing is given away before all entries are verified`() throws {
        var made = try archive(entries, protection: .aes256(Password("pass1234")))
        // The last byte before the directory is that of the last entry's code.
        let directory = try ZipEnd.read(MemorySource(made), limits: ArchiveLimits()).directoryOffset
        made[Int(directory) - 1] ^= 1
        #expect(
            failure { _ = try ArchiveReader(MemorySource(made), credentials: credentials("pass1234")) }?.code
                == .dataDamaged)
    }

    /// A file that somebody changes while it is being opened.
    final class ChangingSource: RandomAccessSource, @unchecked Sendable {  // one test, one task
        var bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }
        var byteCount: UInt64 { UInt64(bytes.count) }
        func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
            try MemorySource(bytes).read(at: offset, into: buffer)
        }
    }

    @Test func `a file that changes after it was verified is caught`() throws {
        for (protection, _, _) in try protections() {
            let source = ChangingSource(try archive([entries[0]], protection: protection))
            let reader = try ArchiveReader(source, credentials: credentials("Pass 1234 ü"))
            source.bytes[source.bytes.count / 2] ^= 4
            let entry = try #require(reader.entries.first)
            #expect(failure { _ = try content(of: entry, in: reader) }?.code == .dataDamaged)
        }
    }

    @Test func `what is no archive, or a cut one, is refused`() throws {
        let made = try archive(entries)
        #expect(failure { _ = try readAll([]) }?.code == .dataDamaged)
        #expect(failure { _ = try readAll(bytes("Collection Id,Batch Id\n")) }?.code == .dataDamaged)
        for count in [1, 21, 100, made.count - 1] {
            #expect(failure { _ = try readAll(Array(made[..<count])) }?.code == .dataDamaged, "cut to \(count)")
        }
        #expect(failure { _ = try readAll([0] + made) }?.code == .dataDamaged)
    }

    @Test func `an archive over the limits is refused`() throws {
        let source = MemorySource(try archive(entries))
        for limits in [
            ArchiveLimits(entryCount: 2), ArchiveLimits(directoryByteCount: 100),
            ArchiveLimits(contentByteCount: 10_000),
        ] {
            #expect(failure { _ = try ArchiveReader(source, limits: limits) }?.code == .limitExceeded)
        }
        #expect(try ArchiveReader(source, limits: ArchiveLimits(entryCount: 3)).entries.count == 3)
    }

    @Test func `an entry that holds more than it says is refused`() throws {
        let honest = try part(csv(rows: 100))
        let modest = PartSummary(
            deflatedCount: honest.summary.deflatedCount, uncompressedCount: 50, crc32: honest.summary.crc32, rowCount: 0
        )
        var writer = ZipWriter()
        try writer.begin(ZipEntry(name: "a", modified: someTime, content: .joined(modest)))
        try writer.append(honest.deflated)
        try writer.end()
        try writer.finish()
        #expect(failure { _ = try readAll(writer.takePending()) }?.message == "a: it holds more than it says")
    }

    @Test func `names that lead out of the folder are refused`() throws {
        for name in ["../abcd.csv", "/abcdef.csv", "a\\bcdef.csv", "a\0bcdef.csv"] {
            var made = try archive([("abcdefg.csv", bytes("x"))])
            try #require(name.utf8.count == 11)
            for start in [30, made.count - 22 - 11] { made.replaceSubrange(start..<start + 11, with: bytes(name)) }
            #expect(failure { _ = try readAll(made) }?.code == .refused, "\(name.debugDescription)")
        }
    }

    @Test func `entries that share their bytes are refused`() throws {
        var made = try archive([("a.csv", bytes("x")), ("b.csv", bytes("y"))])
        // Points the second header of the directory at the first entry.
        let second = made.count - 22 - 51
        made.replaceSubrange(second + 42..<second + 46, with: [0, 0, 0, 0])
        #expect(failure { _ = try readAll(made) }?.message == "archive: its entries overlap")
    }

    @Test func `a file is read, and what is no file refused`() async throws {
        try await withFolder { folder in
            try write(try archive(entries), to: "\(folder)/a.zip")
            let reader = try ArchiveReader(FileSource(path: "\(folder)/a.zip"))
            #expect(try reader.entries.map { try content(of: $0, in: reader) } == entries.map(\.1))
            #expect(failure { _ = try FileSource(path: "\(folder)/b.zip") }?.code == .notFound)
            #expect(failure { _ = try FileSource(path: folder) }?.code == .invalidInput)
        }
    }

    @Test func `an entry of another archive is refused`() throws {
        let first = try ArchiveReader(MemorySource(archive([("a", [1])])))
        let second = try ArchiveReader(MemorySource(archive([("b", [1])])))
        #expect(failure { try first.read(second.entries[0]) { _ in } }?.code == .internalFault)
    }
}
