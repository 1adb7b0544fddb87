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

    /// Makes the parts of `range` and hands on each as soon as it is finished: at least one, the last with the counts of
    /// the range in its notes. Answers with these counts.
    func makeParts(of range: UserRange, handOn: (Part) async throws -> Void) async throws -> Tally {
        var rows = try report.makeRows(in: context, limits: pieces)
        var maker = PartMaker(level: deflateLevel)
        var tally = Tally()
        var next = try await reading.step(of: range, after: nil)
        while let step = next {
            async let following = reading.step(of: range, after: step)
            let page = step.learners
            if step.begins { rows.begin(page) }
            if let chunk = step.attempts {
                rows.add(chunk, of: page, titles: try await titles?.titles(of: chunk) ?? ContentTitles())
                for part in try maker.take(&rows.writer) { try await handOn(part) }
            }
            if step.endsPage {
                rows.end(page)
                for part in try maker.take(&rows.writer) { try await handOn(part) }
                tally.add(rows.tally)
                meter.add(learners: rows.tally.learners, rows: rows.tally.rows)
                rows.tally = Tally()
            }
            if step.archivedCopies > 0 { tally.findings[.archivedCopy, default: 0] += step.archivedCopies }
            next = try await following
        }
        try await handOn(maker.finish(tally))
        return tally
    }

    /// The contents that `survey` finds among the learners of `range`, as far as it takes to find all that there are.
    func contents(of range: UserRange, survey: any LearnerSurvey) async throws -> Set<String> {
        var survey = survey
        var last: LearnerReading.Step?
        while survey.contents.count < survey.contentsAtMost, let step = try await reading.step(of: range, after: last) {
            if step.begins { survey.begin(step.learners) }
            if let chunk = step.attempts { survey.add(chunk, of: step.learners, titles: ContentTitles()) }
            if step.endsPage { survey.end(step.learners) }
            last = step
        }
        return survey.contents
    }
}

/// Deflates rows into parts, which end where the writer says that a piece ends.
private struct PartMaker: ~Copyable {
    private var deflater: Deflater
    private var openRows = 0

    init(level: Deflater.Level) { deflater = Deflater(level: level) }

    /// Takes out what was written, and answers with the parts that it finishes.
    mutating func take(_ writer: inout CSVWriter) throws -> [Part] {
        var parts: [Part] = []
        var start = 0
        for cut in writer.cuts {
            try writer.bytes.withUnsafeBytes {
                try deflater.append(UnsafeRawBufferPointer(rebasing: $0[start..<cut.end]))
            }
            parts.append(
                try deflater.finish(rowCount: UInt64(cut.rows), notes: PartNotes(isLast: false, tally: Tally()).bytes))
            start = cut.end
        }
        try writer.bytes.withUnsafeBytes { try deflater.append(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        openRows = writer.rowsSinceCut
        writer.removeTaken()
        return parts
    }

    /// The last part, which holds what follows the last cut.
    mutating func finish(_ tally: Tally) throws -> Part {
        try deflater.finish(rowCount: UInt64(openRows), notes: PartNotes(isLast: true, tally: tally).bytes)
    }
}

extension LearnerKeys {
    /// The last id of the page; nil of an empty one.
    var lastID: [UInt8]? { ids.last.map { slice in arena.withBytes(of: slice) { Array($0) } } }
}
