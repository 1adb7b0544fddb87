import ReportModel

/// Who the learners are and how to reach them: `userinfo-exhaust` (design.md 6.1, upstream.md 5.7).
struct UserInfoReport: ReportDefinition {
    let id = "userinfo-exhaust"
    let aliases: [String] = []
    let title = "User information"
    let summary = "Names, organisations and contact details of the learners who agreed to share them."
    let path = "userinfo-exhaust/"
    let fileKey = "userinfo"
    let layouts: [ReportLayout] = [.documented, .sunbird]
    let isPersonal = true

    func needs(in context: ReportContext) -> LearnerNeeds {
        let columns = ReportColumns.userInfo(context.layout).keeping(context.csvColumns)
        let fields = columns.cells.flatMap(\.profileFields) + Audience.profileFields(context.batch)
        return LearnerNeeds(profileFields: fields.withoutRepetition, consent: true)
    }

    func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: context).descriptions(in: context)
    }

    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
        guard context.batch.collection.asksForConsent else {
            throw ExhaustError(
                .refused,
                "user info of collection \(context.batch.collection.identifier): the collection does not ask its "
                    + "learners for consent to share their data",
                remedy: "Ask for the progress report, or have userConsent set to Yes for the collection.")
        }
        return UserInfoRows(try columns(of: context), context: context, limits: limits)
    }

    private func columns(of context: ReportContext) throws -> ReportColumns<UserInfoCell> {
        try .userInfo(context.layout).selecting(context.csvColumns, of: id)
    }
}
