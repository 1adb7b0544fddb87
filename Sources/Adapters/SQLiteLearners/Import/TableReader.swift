import BlockingWork
import ReportModel
import SQLiteAccess

/// Reads the file of one table and hands over its rows, sorted, in chunks.
struct TableReader {
    /// What reading one file came to.
    struct Outcome: Sendable {
        var rows = 0
        var unknownColumns: [String: Int] = [:]
        var bytes: Int64 = 0
    }

    let shape: TableShape
    let path: String
    /// The name of the file in messages.
    let file: String
    let limits: ImportLimits
    /// Told now and then: rows and bytes of this file so far.
    let progress: @Sendable (_ rows: Int, _ bytes: Int64) -> Void

    /// Reads to the end of the file, or until nobody takes the chunks any more.
    func read(_ known: NumberBook, handOver: HandOver<Chunk>) throws -> Outcome {
        var outcome = Outcome()
        var book = known
        var row = Row(columns: shape.columns)
        var lines = try LineReader(path: path, limits: limits)
        var chunk = Chunk(capacity: limits.chunkBytes)
        while let line = try lines.next() {
            if isBlank(line) { continue }
            do throws(LineFault) {
                try row.read(line)
                if shape.keepsEverything { try row.keepWhole(line) }
                try shape.map(&row, &book, &chunk)
            } catch {
                throw error.error(file: file, line: lines.number)
            }
            outcome.rows += 1
            if !shape.keepsEverything { count(row.unknownNames, in: &outcome) }
            if outcome.rows & 0xFFF == 0 { progress(outcome.rows, lines.bytesRead) }
            guard chunk.count >= limits.chunkBytes else { continue }
            guard give(&chunk, &book, handOver) else { return outcome }
        }
        outcome.bytes = lines.bytesRead
        _ = give(&chunk, &book, handOver)
        return outcome
    }

    private func give(_ chunk: inout Chunk, _ book: inout NumberBook, _ handOver: HandOver<Chunk>) -> Bool {
        chunk.freshNumbers = book.fresh
        book.fresh = []
        chunk.sort()
        defer { chunk = Chunk(capacity: limits.chunkBytes) }
        return handOver.give(chunk)
    }

    private func count(_ unknown: [[UInt8]], in outcome: inout Outcome) {
        for name in unknown {
            var name = String(decoding: name.prefix(100), as: UTF8.self)
            if outcome.unknownColumns[name] == nil, outcome.unknownColumns.count >= limits.unknownNames { name = "…" }
            outcome.unknownColumns[name, default: 0] += 1
        }
    }

    private func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    }
}
