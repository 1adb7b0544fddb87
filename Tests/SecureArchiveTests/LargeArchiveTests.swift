import Foundation
import ReportModel
import Testing

@testable import SecureArchive

/// What needs ZIP64, made of parts that repeat so that neither memory nor disk grows.
@Suite(.serialized) struct LargeArchiveTests {
    static let zeroCount = 32 << 20
    static let repeats = 130  // 4,160 MiB

    @Test(.needs7z) func `an entry past 4 GiB is written without holding it and read by 7-Zip and by us`() async throws
    {
        let zeros = try part([UInt8](repeating: 0, count: Self.zeroCount))
        let whole = try PartSummary.joined(repeatElement(zeros.summary, count: Self.repeats))
        #expect(whole.uncompressedCount > 1 << 32)
        try await withFolder { folder in
            let path = "\(folder)/large.zip"
            try #require(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            var writer = ZipWriter(protection: .aes256(try Password("pass1234")))
            try writer.begin(ZipEntry(name: "large.csv", modified: someTime, content: .joined(whole)))
            for _ in 0..<Self.repeats { try writer.append(zeros.deflated) { file.write(Data($0)) } }
            try writer.end()
            try writer.add("receipt.json", bytes("{}"), modified: someTime)
            try writer.finish()
            writer.drain { file.write(Data($0)) }
            try file.close()

            let tested = try await Commands.test7z(path, password: "pass1234")
            #expect(tested.status == 0, "\(tested.output)")
            #expect(tested.output.contains("\(whole.uncompressedCount + 2)"))
            let reader = try ArchiveReader(FileSource(path: path), credentials: credentials("pass1234"))
            var count: UInt64 = 0
            var crc = CRC32()
            try reader.read(reader.entries[0]) {
                count += UInt64($0.count)
                crc.update($0)
            }
            #expect(count == whole.uncompressedCount && crc.value == whole.crc32)
            #expect(try content(of: reader.entries[1], in: reader) == bytes("{}"))
        }
    }

    @Test(.needs7z) func `packed bytes and an offset past 4 GiB are written, and read by 7-Zip and by us`() async throws
    {
        let zeros = [UInt8](repeating: 0, count: Self.zeroCount)
        var crc = CRC32()
        crc.update(zeros)
        let one = PartSummary(deflatedCount: 0, uncompressedCount: UInt64(zeros.count), crc32: crc.value, rowCount: 0)
        let whole = try PartSummary.joined(repeatElement(one, count: Self.repeats))
        let stored = ZipEntry.Content.stored(byteCount: whole.uncompressedCount, crc32: whole.crc32)
        try await withFolder { folder in
            let path = "\(folder)/large.zip"
            try #require(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            var writer = ZipWriter()
            try writer.begin(ZipEntry(name: "large.csv", modified: someTime, content: stored))
            file.write(Data(writer.takePending()))
            // The zeros become a hole in the file, which takes no room on the disk.
            for _ in 0..<Self.repeats { try writer.append(zeros) { _ in } }
            try file.seek(toOffset: writer.writtenCount)
            try writer.end()
            try writer.add("receipt.json", bytes("{}"), modified: someTime)
            try writer.finish()
            file.write(Data(writer.takePending()))
            try file.close()

            let reader = try ArchiveReader(FileSource(path: path))
            #expect(reader.entries.map(\.byteCount) == [whole.uncompressedCount, 2])
            #expect(try content(of: reader.entries[1], in: reader) == bytes("{}"))
            let tested = try await Commands.test7z(path)
            #expect(tested.status == 0, "\(tested.output)")
        }
    }

    @Test(.needs7z, .needsPython) func `more than 65,535 entries are written and read by all`() async throws {
        let count = 65_540
        var writer = ZipWriter()
        for index in 0..<count { try writer.add("e\(index)", [UInt8(index & 0xFF)], modified: someTime) }
        try writer.finish()
        let made = writer.takePending()
        let reader = try ArchiveReader(MemorySource(made))
        #expect(reader.entries.count == count)
        #expect(try content(of: reader.entries[65_539], in: reader) == [3])
        try await withFolder { folder in
            try write(made, to: "\(folder)/many.zip")
            let tested = try await Commands.test7z("\(folder)/many.zip")
            #expect(tested.status == 0 && tested.output.contains("Files: \(count)"), "\(tested.output.suffix(300))")
            let listed = try await Commands.python("read_zip.py", ["zipfile", "\(folder)/many.zip"])
            #expect(listed.output.split(separator: "\n").count == count)
        }
    }
}
