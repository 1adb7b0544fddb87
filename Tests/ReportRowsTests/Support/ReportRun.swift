import ReportModel
import ReportRows

/// A report made from learners in memory, as the service drives it.
struct ReportRun {
    private(set) var csv: [UInt8] = []
    private(set) var pieces: [[UInt8]] = []
    private(set) var rowsOfPieces: [Int] = []
    private(set) var tally = Tally()

    /// Makes the report in pages of `pageSize` learners and `attemptPageSize` attempts; surveys first if it asks to.
    init(
        _ report: any ReportDefinition, of learners: [Learner], in context: ReportContext, pageSize: Int = 1000,
        attemptPageSize: Int = 1000, limits: PieceLimits = .init(), titles: [String: String] = [:]
    ) throws {
        var context = context
        var known = ContentTitles()
        for (content, title) in titles { known.set(title, of: content) }
        let steps = Self.steps(
            Pages(needs: report.needs(in: context)), learners, pageSize: pageSize, attemptPageSize: attemptPageSize)
        if var survey = report.makeSurvey(in: context) {
            for step in steps { survey.take(step, titles: known) }
            context.surveyedContents = survey.contents.sorted()
        }
        csv = CSVWriter.header(of: try report.columns(in: context), options: context.csv)
        var maker = try report.makeRows(in: context, limits: limits)
        var piece: [UInt8] = []
        for step in steps {
            maker.take(step, titles: known)
            takeOut(of: &maker, piece: &piece)
        }
        if maker.writer.rowsSinceCut > 0 {
            pieces.append(piece)
            rowsOfPieces.append(maker.writer.rowsSinceCut)
        }
    }

    var text: String { String(decoding: csv, as: UTF8.self) }
    /// Lines after the header, of a report without line ends in cells.
    var rows: [String] { text.split(separator: "\n").dropFirst().map(String.init) }

    private mutating func takeOut(of maker: inout any RowMaker, piece: inout [UInt8]) {
        var start = 0
        for cut in maker.writer.cuts {
            pieces.append(piece + maker.writer.bytes[start..<cut.end])
            rowsOfPieces.append(cut.rows)
            piece = []
            start = cut.end
        }
        piece += maker.writer.bytes[start...]
        csv += maker.writer.bytes
        tally.add(maker.tally)
        maker.writer.removeTaken()
        maker.tally = Tally()
    }

    private static func steps(
        _ pages: Pages, _ learners: [Learner], pageSize: Int, attemptPageSize: Int
    ) -> [Step] {
        pages.learners(learners, size: pageSize).flatMap { page, part in
            [Step.begin(page)] + pages.attempts(of: part, size: attemptPageSize).map { Step.add($0, page) }
                + [.end(page)]
        }
    }
}

/// One call of a page taker.
private enum Step {
    case begin(LearnerPage)
    case add(AttemptPage, LearnerPage)
    case end(LearnerPage)
}

extension LearnerPageTaker {
    fileprivate mutating func take(_ step: Step, titles: ContentTitles) {
        switch step {
        case .begin(let page): begin(page)
        case .add(let attempts, let page): add(attempts, of: page, titles: titles)
        case .end(let page): end(page)
        }
    }
}
