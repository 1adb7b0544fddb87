import ReportModel

/// The scores of each learner without the progress around them: `assessment-score-report` (design.md 6.1).
struct AssessmentScoreReport: ReportDefinition {
    let id = "assessment-score-report"
    let aliases = ["assessment-report"]
    let title = "Assessment scores"
    let summary = "The score of each learner in each assessment of the collection."
    let path = "assessment-score-report/"
    let fileKey = "assessment"
    let layouts: [ReportLayout] = [.documented]
    let isPersonal = false

    func needs(in context: ReportContext) -> LearnerNeeds {
        let course = CourseAnalysis(context)
        return ReportColumns.assessmentScores(course, context.rules).needs(of: course, in: context)
    }

    func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try requireLayout(of: context)
        return ReportColumns.assessmentScores(CourseAnalysis(context), context.rules).descriptions(in: context)
    }

    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        try requireLayout(of: context)
        let course = CourseAnalysis(context)
        return ProgressRows(.assessmentScores(course, context.rules), course: course, context: context, limits: limits)
    }
}
