@testable import ReportService
import SecureArchive
import Testing

@Suite struct EntryCutTests {
    private func range(_ rows: UInt64...) -> [BatchParts.Piece] {
        rows.map { .inVault(PartSummary(deflatedCount: 1, uncompressedCount: 1, crc32: 0, rowCount: $0)) }
    }

    private func rows(_ ranges: [[BatchParts.Piece]], limit: Int) throws -> [UInt64] {
        try EntryCut(ranges, rowsPerEntry: limit).entries.map(\.summary.rowCount)
    }

    @Test func `an entry ends before the part that would take it past the limit`() throws {
        #expect(try rows([range(4), range(4), range(4)], limit: 10) == [8, 4])
        #expect(try rows([range(4, 4), range(2), range(1)], limit: 10) == [10, 1])
    }

    @Test func `no rows at all give one entry with its header`() throws {
        #expect(try rows([range(0)], limit: 10) == [0])
        #expect(try rows([range(0), range(0)], limit: 10) == [0])
    }

    @Test func `every part is in exactly one entry, in order`() throws {
        let cut = try EntryCut([range(5, 5), range(0), range(7)], rowsPerEntry: 6)
        #expect(
            cut.entries.flatMap(\.places) == [
                .init(range: 0, piece: 0), .init(range: 0, piece: 1), .init(range: 1, piece: 0),
                .init(range: 2, piece: 0),
            ])
        #expect(cut.entries.map(\.summary.rowCount) == [5, 5, 7])
    }
}
