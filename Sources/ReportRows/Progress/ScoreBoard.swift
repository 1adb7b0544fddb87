import ReportModel

/// The kept attempts of the learners of a page at each assessment, and their time (design.md 6.1, upstream.md 5.3).
///
/// Attempts come by time (missing first), then attempt id (`AttemptPage`), so that of two that are equal the later one
/// to come is the one to keep. A number that is not there is NaN.
struct ScoreBoard: Sendable {
    private let assessments: IdentifierTable
    private let layout: ReportLayout
    private let keepsBest: Bool
    private let assessmentCount: Int
    private var scores: [Double] = []
    private var maximums: [Double] = []
    private var percents: [Double] = []
    private var durations: [Double] = []

    init(_ course: CourseAnalysis, context: ReportContext) {
        assessments = IdentifierTable(course.assessments.map(\.identifier))
        assessmentCount = assessments.count
        layout = context.layout
        keepsBest = context.rules.bestScore
    }

    /// Begins a page of `learners`.
    mutating func reset(learners: Int) {
        let cells = learners * assessmentCount
        scores.reset(count: cells)
        if layout == .sunbird {
            maximums.reset(count: cells)
            percents.reset(count: cells)
        }
        durations.reset(count: learners)
    }

    mutating func note(_ attempt: AttemptPage.Attempt, of page: AttemptPage) {
        let learner = Int(attempt.learner)
        if let duration = attempt.duration {
            durations[learner] = durations[learner].isNaN ? duration : durations[learner] + duration
        }
        guard let assessment = assessments.index(of: attempt.content, in: page.arena) else { return }
        let cell = learner * assessmentCount + assessment
        guard let score = attempt.totalScore, replaces(scores[cell], with: score) else { return }
        scores[cell] = score
        if layout == .sunbird {
            maximums[cell] = attempt.totalMaxScore ?? .nan
            percents[cell] = page.arena.withBytes(of: attempt.grandTotal, percentOfGrandTotal) ?? .nan
        }
    }

    private func replaces(_ kept: Double, with score: Double) -> Bool { !keepsBest || kept.isNaN || score >= kept }

    /// Sum of the durations of a learner's attempts.
    func duration(of learner: Int) -> Double? { number(durations[learner]) }

    /// Score in points, in layout `sunbird` in percent.
    func score(of learner: Int, in assessment: Int) -> Double? {
        number((layout == .sunbird ? percents : scores)[learner * assessmentCount + assessment])
    }

    /// Sum of the scores in points, in layout `sunbird` in percent of what could be reached.
    func total(of learner: Int) -> Double? {
        let cells = learner * assessmentCount..<(learner + 1) * assessmentCount
        guard let score = sum(scores[cells]) else { return nil }
        if layout == .documented { return score }
        guard let maximum = sum(maximums[cells]), maximum != 0 else { return nil }
        return (score * 100 / maximum).rounded(.up)
    }

    private func sum(_ numbers: ArraySlice<Double>) -> Double? {
        var sum: Double?
        for number in numbers where !number.isNaN { sum = (sum ?? 0) + number }
        return sum
    }

    private func number(_ stored: Double) -> Double? { stored.isNaN ? nil : stored }
}

extension [Double] {
    /// Makes all elements NaN, in memory that is there already.
    fileprivate mutating func reset(count: Int) {
        if self.count != count {
            self = [Double](repeating: .nan, count: count)
        } else {
            for index in indices { self[index] = .nan }
        }
    }
}
