import Foundation
import ReportModel
import Testing

@testable import SecureArchive

let someTime = DOSTime(year: 2024, month: 2, day: 29, hour: 13, minute: 45, second: 54)

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func hex(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.bytes(text)) }

/// Rows as a report has them: compressible, but not trivially.
func csv(rows: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SeededGenerator(seed)
    var text = bytes("Collection Id,Batch Id,User UUID,Progress,Total Score\n")
    for _ in 0..<rows {
        let user = Hexadecimal.text((0..<8).map { _ in UInt8.random(in: 0...255, using: &random) })
        text += bytes("do_2130,01350,\(user),\(Int.random(in: 0...100, using: &random)),6.5\n")
    }
    return text
}

/// The same numbers each time (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

func part(_ content: [UInt8], level: Deflater.Level = .fast, rowCount: UInt64 = 0) throws -> Part {
    var deflater = Deflater(level: level)
    try deflater.append(content)
    return try deflater.finish(rowCount: rowCount)
}

/// An archive in memory.
func archive(
    _ entries: [(name: String, content: [UInt8])], protection: ZipProtection = .none, comment: [UInt8] = []
) throws -> [UInt8] {
    var writer = ZipWriter(protection: protection)
    for entry in entries { try writer.add(entry.name, entry.content, modified: someTime) }
    try writer.finish(comment: comment)
    return writer.takePending()
}

/// Opens an archive in memory and reads all of it.
func readAll(_ archive: [UInt8], _ credentials: ArchiveCredentials = ArchiveCredentials()) throws
    -> [(entry: ArchivedEntry, content: [UInt8])]
{
    let reader = try ArchiveReader(MemorySource(archive), credentials: credentials)
    return try reader.entries.map { ($0, try content(of: $0, in: reader)) }
}

func content(of entry: ArchivedEntry, in reader: ArchiveReader) throws -> [UInt8] {
    var content: [UInt8] = []
    try reader.read(entry) { content += $0 }
    return content
}

func credentials(_ password: String) throws -> ArchiveCredentials {
    ArchiveCredentials(password: try Password(password))
}

/// The error of `body`, which must throw one of ours.
func failure(_ body: () throws -> Void) -> ExhaustError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ExhaustError
    }
}

/// Gives `body` a fresh folder, and removes it afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("exhaust-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record("temporary folder left: \(error)") }
    }
    try await body(folder.path)
}

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
