import ReportModel

/// How far each learner has come: `progress-exhaust` (design.md 6.1, upstream.md 5.3).
struct ProgressReport: ReportDefinition {
    let id = "progress-exhaust"
    let aliases = ["course-report"]
    let title = "Progress"
    let summary = "How far each learner has come in the collection, with the scores of its assessments."
    let path = "progress-exhaust/"
    let fileKey = "progress"
    let layouts: [ReportLayout] = [.documented, .sunbird]
    let isPersonal = false

    func needs(in context: ReportContext) -> LearnerNeeds {
        let course = CourseAnalysis(context)
        switch context.layout {
        case .documented: return ReportColumns.documentedProgress(course, context.rules).needs(of: course, in: context)
        case .sunbird:
            // Which assessments were attempted changes nothing about what has to be read.
            return ReportColumns.sunbirdProgress(course, context.rules, attempted: []).keeping(context.csvColumns)
                .needs(of: course, in: context)
        }
    }

    func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: CourseAnalysis(context), in: context).descriptions(in: context)
    }

    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? {
        context.layout == .sunbird ? AttemptedAssessments(CourseAnalysis(context), context: context) : nil
    }

    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        let course = CourseAnalysis(context)
        return ProgressRows(
            try columns(of: course, in: context), course: course, context: context, limits: limits)
    }

    private func columns(
        of course: CourseAnalysis, in context: ReportContext
    ) throws -> ReportColumns<ProgressCell> {
        switch context.layout {
        case .documented: return .documentedProgress(course, context.rules)
        case .sunbird:
            let surveyed = Set(context.surveyedContents ?? [])
            let attempted = course.assessments.indices
                .filter { surveyed.contains(course.assessments[$0].identifier) }
                .map { (label: "\(course.assessments[$0].identifier) - Score", index: $0) }
                .sorted { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) }
            return try ReportColumns.sunbirdProgress(course, context.rules, attempted: attempted.map(\.index))
                .selecting(context.csvColumns, of: id)
        }
    }
}
