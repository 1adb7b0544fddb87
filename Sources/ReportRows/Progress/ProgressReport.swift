public import ReportModel

/// How far each learner has come: `progress-exhaust` (design.md 6.1, upstream.md 5.3).
public struct ProgressReport: ReportDefinition {
    public let id = "progress-exhaust"
    public let aliases = ["course-report"]
    public let title = "Progress"
    public let summary = "How far each learner has come in the collection, with the scores of its assessments."
    public let path = "progress-exhaust/"
    public let fileKey = "progress"
    public let layouts: [ReportLayout] = [.documented, .sunbird]
    public let isPersonal = false

    /// The report.
    public init() {}

    public func needs(in context: ReportContext) -> LearnerNeeds {
        let course = CourseAnalysis(context)
        switch context.layout {
        case .documented: return ReportColumns.documentedProgress(course).needs(of: course, in: context)
        case .sunbird:
            // Which assessments were attempted changes nothing about what has to be read.
            return ReportColumns.sunbirdProgress(course, attempted: []).keeping(context.csvColumns)
                .needs(of: course, in: context)
        }
    }

    public func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: CourseAnalysis(context), in: context).descriptions(in: context)
    }

    public func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? {
        context.layout == .sunbird ? AttemptedAssessments(CourseAnalysis(context), context: context) : nil
    }

    public func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        let course = CourseAnalysis(context)
        return ProgressRows(
            try columns(of: course, in: context), course: course, context: context, limits: limits)
    }

    private func columns(
        of course: CourseAnalysis, in context: ReportContext
    ) throws -> ReportColumns<ProgressCell> {
        switch context.layout {
        case .documented: return .documentedProgress(course)
        case .sunbird:
            let surveyed = Set(context.surveyedContents ?? [])
            let attempted = course.assessments.indices
                .filter { surveyed.contains(course.assessments[$0].identifier) }
                .map { (label: "\(course.assessments[$0].identifier) - Score", index: $0) }
                .sorted { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) }
            return try ReportColumns.sunbirdProgress(course, attempted: attempted.map(\.index))
                .selecting(context.csvColumns, of: id)
        }
    }
}
