import ReportModel

/// What each learner answered: `response-exhaust` (design.md 6.1, upstream.md 5.5 and 5.6).
struct ResponseReport: ReportDefinition {
    let id = "response-exhaust"
    let aliases: [String] = []
    let title = "Responses"
    let summary = "Every question of every attempt of the learners, with what they answered."
    let path = "response-exhaust/"
    let fileKey = "response"
    let layouts: [ReportLayout] = [.documented, .sunbird]
    let isPersonal = false

    func needs(in context: ReportContext) -> LearnerNeeds {
        let columns = ReportColumns.responses(context.layout).keeping(context.csvColumns)
        let learnerCells: [LearnerCell] = columns.cells.compactMap {
            guard case .learner(let cell) = $0 else { return nil }
            return cell
        }
        return LearnerNeeds(
            profileFields: profileFields(of: learnerCells, in: context.batch), attempts: .questions,
            archivedAttempts: true)
    }

    func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: context).descriptions(in: context)
    }

    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        ResponseRows(try columns(of: context), context: context, limits: limits)
    }

    private func columns(of context: ReportContext) throws -> ReportColumns<ResponseCell> {
        try .responses(context.layout).selecting(context.csvColumns, of: id)
    }
}
