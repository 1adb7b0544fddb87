import ReportModel
import Testing

@testable import SecureArchive

@Suite struct DeflateTests {
    func inflated(_ parts: [Part]) throws -> [UInt8] {
        var inflater = Inflater()
        var content: [UInt8] = []
        let stream = parts.flatMap(\.deflated) + PartSummary.finalBlock
        // Odd pieces, so that blocks are cut anywhere.
        try stream.withUnsafeBytes { try $0.forEachPiece(of: 997) { try inflater.append($0) { content += $0 } } }
        try inflater.finish()
        #expect(inflater.uncompressedCount == UInt64(content.count))
        return content
    }

    @Test(arguments: Deflater.Level.allCases)
    func `what was deflated inflates to the same`(level: Deflater.Level) throws {
        let content = csv(rows: 20_000)
        var deflater = Deflater(level: level)
        try content.withUnsafeBytes { try $0.forEachPiece(of: 10_007) { try deflater.append($0) } }
        let part = try deflater.finish()
        #expect(part.deflated.count < content.count / 2)
        #expect(part.summary.deflatedCount == UInt64(part.deflated.count))
        #expect(try inflated([part]) == content)
    }

    @Test func `parts that one deflater made after each other join into one stream`() throws {
        var deflater = Deflater()
        var parts: [Part] = []
        var whole: [UInt8] = []
        for rows in [0, 1, 700, 3, 9000] {
            let content = csv(rows: rows, seed: UInt64(rows))
            try deflater.append(content)
            parts.append(try deflater.finish(rowCount: UInt64(rows)))
            #expect(parts.last?.deflated.suffix(4) == [0, 0, 0xFF, 0xFF])
            whole += content
        }
        #expect(try inflated(parts) == whole)
        let summary = try PartSummary.joined(parts.map(\.summary))
        var crc = CRC32()
        crc.update(whole)
        #expect(summary.crc32 == crc.value)
        #expect(summary.rowCount == 9704)
        #expect(summary.uncompressedCount == UInt64(whole.count))
        #expect(summary.deflatedCount == UInt64(parts.map(\.deflated.count).reduce(0, +)))
    }

    @Test func `nothing deflates to nothing`() throws {
        var deflater = Deflater()
        try deflater.append([])
        #expect(try deflater.finish() == Part(summary: .empty, deflated: []))
    }

    @Test func `bytes that do not compress come back too`() throws {
        let content = try RandomBytes.make(count: 3_000_000)
        let part = try part(content)
        #expect(try inflated([part]) == content)
    }

    @Test func `a part is checked against its own summary`() throws {
        let good = try part(csv(rows: 50))
        var inflater = Inflater()
        var content: [UInt8] = []
        try inflater.inflate(good) { content += $0 }
        #expect(content == csv(rows: 50))
        let wrong = PartSummary(
            deflatedCount: good.summary.deflatedCount, uncompressedCount: good.summary.uncompressedCount, crc32: 7,
            rowCount: 50)
        #expect(failure { try inflater.inflate(Part(summary: wrong, deflated: good.deflated)) { _ in } } != nil)
        let cut = Part(summary: good.summary, deflated: good.deflated.dropLast(9))
        #expect(failure { try inflater.inflate(cut) { _ in } }?.code == .dataDamaged)
    }

    @Test func `a stream that ends too early, goes on after its end or is no deflate is refused`() throws {
        let stream = try part(csv(rows: 50)).deflated + PartSummary.finalBlock
        for count in [0, 1, stream.count / 2, stream.count - 1] {
            var inflater = Inflater()
            let error = failure {
                try stream[..<count].withUnsafeBytes { try inflater.append($0) { _ in } }
                try inflater.finish()
            }
            #expect(error?.message == "compressed data: it ends too early", "cut to \(count)")
        }
        for extra in 1...20 {
            var inflater = Inflater()
            let long = stream + [UInt8](repeating: 0, count: extra)
            let error = failure { try long.withUnsafeBytes { try inflater.append($0) { _ in } } }
            #expect(error?.message == "compressed data: something follows its end", "\(extra) more")
            var inPieces = Inflater()
            try stream.withUnsafeBytes { try inPieces.append($0) { _ in } }
            #expect(failure { try long[..<extra].withUnsafeBytes { try inPieces.append($0) { _ in } } } != nil)
        }
        var inflater = Inflater()
        #expect(failure { try [7, 7, 7].withUnsafeBytes { try inflater.append($0) { _ in } } }?.code == .dataDamaged)
    }

    @Test func `CRC-32 gives the published check value`() {
        var crc = CRC32()
        crc.update(bytes("123456789"))
        #expect(crc.value == 0xCBF4_3926)
    }

    @Test func `CRCs of halves combine into that of the whole`() {
        let content = csv(rows: 300)
        var whole = CRC32()
        whole.update(content)
        for cut in [0, 1, 7, 4096, content.count - 1, content.count] {
            var first = CRC32()
            var second = CRC32()
            first.update(Array(content[..<cut]))
            second.update(Array(content[cut...]))
            let count = UInt64(content.count - cut)
            #expect(CRC32.combined(first.value, second.value, secondCount: count) == whole.value, "cut at \(cut)")
        }
    }

    @Test func `lengths that no report has are refused before they overflow`() {
        let huge = PartSummary(deflatedCount: .max, uncompressedCount: 1, crc32: 0, rowCount: 1)
        #expect(failure { _ = try PartSummary.joined([huge, huge]) }?.code == .limitExceeded)
    }
}
