import ReportModel

/// Which assessments the learners of the report have attempted: layout `sunbird` has score columns for those alone.
struct AttemptedAssessments: LearnerSurvey {
    private let assessments: IdentifierTable
    private var audience: Audience
    private var isAttempted: [Bool]

    init(_ course: CourseAnalysis, context: ReportContext) {
        assessments = IdentifierTable(course.assessments.map(\.identifier))
        audience = Audience(context.batch)
        isAttempted = [Bool](repeating: false, count: assessments.count)
    }

    var contents: Set<String> {
        Set(isAttempted.indices.filter { isAttempted[$0] }.map(assessments.text(at:)))
    }

    var contentsAtMost: Int { isAttempted.count }

    mutating func begin(_ page: LearnerPage) {
        // Who is left out is counted when the rows are made.
        var uncounted = Tally()
        audience.admit(page, counting: &uncounted)
    }

    mutating func add(_ attempts: AttemptPage, of page: LearnerPage, titles: ContentTitles) {
        for attempt in attempts.attempts where audience.isReported[Int(attempt.learner)] {
            if let index = assessments.index(of: attempt.content, in: attempts.arena) { isAttempted[index] = true }
        }
    }

    mutating func end(_ page: LearnerPage) {}
}
