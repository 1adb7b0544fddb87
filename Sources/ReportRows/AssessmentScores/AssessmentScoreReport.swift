public import ReportModel

/// The scores of each learner without the progress around them: `assessment-score-report` (design.md 6.1).
public struct AssessmentScoreReport: ReportDefinition {
    public let id = "assessment-score-report"
    public let aliases = ["assessment-report"]
    public let title = "Assessment scores"
    public let summary = "The score of each learner in each assessment of the collection."
    public let path = "assessment-score-report/"
    public let fileKey = "assessment"
    public let layouts: [ReportLayout] = [.documented]
    public let isPersonal = false

    /// The report.
    public init() {}

    public func needs(in context: ReportContext) -> LearnerNeeds {
        let course = CourseAnalysis(context)
        return ReportColumns.assessmentScores(course).needs(of: course, in: context)
    }

    public func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try requireLayout(of: context)
        return ReportColumns.assessmentScores(CourseAnalysis(context)).descriptions(in: context)
    }

    public func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    public func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        try requireLayout(of: context)
        let course = CourseAnalysis(context)
        return ProgressRows(.assessmentScores(course), course: course, context: context, limits: limits)
    }
}
