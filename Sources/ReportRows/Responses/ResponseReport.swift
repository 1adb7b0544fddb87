public import ReportModel

/// What each learner answered: `response-exhaust` (design.md 6.1, upstream.md 5.5 and 5.6).
public struct ResponseReport: ReportDefinition {
    public let id = "response-exhaust"
    public let aliases: [String] = []
    public let title = "Responses"
    public let summary = "Every question of every attempt of the learners, with what they answered."
    public let path = "response-exhaust/"
    public let fileKey = "response"
    public let layouts: [ReportLayout] = [.documented, .sunbird]
    public let isPersonal = false

    /// The report.
    public init() {}

    public func needs(in context: ReportContext) -> LearnerNeeds {
        let columns = ReportColumns.responses(context.layout).keeping(context.csvColumns)
        let learnerCells: [LearnerCell] = columns.cells.compactMap {
            guard case .learner(let cell) = $0 else { return nil }
            return cell
        }
        return LearnerNeeds(
            profileFields: profileFields(of: learnerCells, in: context.batch), attempts: .questions,
            archivedAttempts: true)
    }

    public func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: context).descriptions(in: context)
    }

    public func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    public func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        ResponseRows(try columns(of: context), context: context, limits: limits)
    }

    private func columns(of context: ReportContext) throws -> ReportColumns<ResponseCell> {
        try .responses(context.layout).selecting(context.csvColumns, of: id)
    }
}
