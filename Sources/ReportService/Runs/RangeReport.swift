import ReportModel
import ReportRows
import SecureArchive

/// Turns the learners of one range into parts: pages (one ahead) to rows to CSV bytes to deflate.
///
/// Local runs, resumed ones and other engines make the same parts of the same range of the same data.
struct RangeReport: Sendable {
    let reading: LearnerReading
    let report: any ReportDefinition
    let context: ReportContext
    let titles: TitleCache?
    let pieces: PieceLimits
    let deflateLevel: Deflater.Level
    let meter: RunMeter

    /// The parts of `range`: at least one, the last with the counts of the range in its notes.
    func parts(of range: UserRange) async throws -> [Part] {
        var rows = try report.makeRows(in: context, limits: pieces)
        var maker = PartMaker(level: deflateLevel)
        var tally = Tally()
        var next = try await reading.page(of: range, after: nil)
        while let read = next {
            let page = read.learners
            async let following = reading.page(of: range, after: page.keys.lastID)
            rows.begin(page)
            var current = read.attempts
            while let chunk = current {
                async let more = reading.attempts(after: chunk, of: page.keys)
                rows.add(chunk, of: page, titles: try await titles?.titles(of: chunk) ?? ContentTitles())
                try maker.take(&rows.writer)
                current = try await more
            }
            rows.end(page)
            try maker.take(&rows.writer)
            tally.add(rows.tally)
            if read.archivedCopies > 0 { tally.findings[.archivedCopy, default: 0] += read.archivedCopies }
            meter.add(learners: rows.tally.learners, rows: rows.tally.rows)
            rows.tally = Tally()
            next = try await following
        }
        return try maker.finish(tally)
    }

    /// The contents that `survey` finds among the learners of `range`.
    func contents(of range: UserRange, survey: any LearnerSurvey) async throws -> Set<String> {
        var survey = survey
        var next = try await reading.page(of: range, after: nil)
        while let read = next {
            let page = read.learners
            async let following = reading.page(of: range, after: page.keys.lastID)
            survey.begin(page)
            var current = read.attempts
            while let chunk = current {
                survey.add(chunk, of: page, titles: ContentTitles())
                current = try await reading.attempts(after: chunk, of: page.keys)
            }
            survey.end(page)
            next = try await following
        }
        return survey.contents
    }
}

/// Deflates rows into parts, which end where the writer says that a piece ends.
private struct PartMaker: ~Copyable {
    private var deflater: Deflater
    private var parts: [Part] = []
    private var openRows = 0

    init(level: Deflater.Level) { deflater = Deflater(level: level) }

    mutating func take(_ writer: inout CSVWriter) throws {
        var start = 0
        for cut in writer.cuts {
            try writer.bytes.withUnsafeBytes {
                try deflater.append(UnsafeRawBufferPointer(rebasing: $0[start..<cut.end]))
            }
            parts.append(
                try deflater.finish(rowCount: UInt64(cut.rows), notes: PartNotes(isLast: false, tally: Tally()).bytes))
            deflater.reset()
            start = cut.end
        }
        try writer.bytes.withUnsafeBytes { try deflater.append(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        openRows = writer.rowsSinceCut
        writer.removeTaken()
    }

    mutating func finish(_ tally: Tally) throws -> [Part] {
        parts.append(
            try deflater.finish(rowCount: UInt64(openRows), notes: PartNotes(isLast: true, tally: tally).bytes))
        return parts
    }
}

extension LearnerKeys {
    /// The last id of the page; nil of an empty one.
    var lastID: [UInt8]? { ids.last.map { slice in arena.withBytes(of: slice) { Array($0) } } }
}
