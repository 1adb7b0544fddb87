public import ReportModel

/// Who the learners are and how to reach them: `userinfo-exhaust` (design.md 6.1, upstream.md 5.7).
public struct UserInfoReport: ReportDefinition {
    public let id = "userinfo-exhaust"
    public let aliases: [String] = []
    public let title = "User information"
    public let summary = "Names, organisations and contact details of the learners who agreed to share them."
    public let path = "userinfo-exhaust/"
    public let fileKey = "userinfo"
    public let layouts: [ReportLayout] = [.documented, .sunbird]
    public let isPersonal = true

    /// The report.
    public init() {}

    public func needs(in context: ReportContext) -> LearnerNeeds {
        let columns = ReportColumns.userInfo(context.layout).keeping(context.csvColumns)
        let fields = columns.cells.flatMap(\.profileFields) + Audience.profileFields(context.batch)
        return LearnerNeeds(profileFields: fields.withoutRepetition, consent: true)
    }

    public func columns(in context: ReportContext) throws -> [ColumnDescription] {
        try columns(of: context).descriptions(in: context)
    }

    public func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)? { nil }

    public func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker {
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
