import ReportModel

/// A cell of a response row.
enum ResponseCell: Hashable, Sendable {
    case learner(LearnerCell)
    case contentID, contentTitle, attemptID, attemptedOn
    case question(QuestionCell)
}

/// A cell about a question of an attempt.
enum QuestionCell: Hashable, Sendable {
    case id, type, title, description, duration, score, maximum, options, response
}

extension ReportColumns where Cell == ResponseCell {
    /// Both layouts; `documented` has the learner's name, `sunbird` has not (design.md 6.1, upstream.md 5.5).
    static func responses(_ layout: ReportLayout) -> Self {
        let learner: [ReportColumn<LearnerCell>] = layout == .documented ? [.userID, .userName] : [.userID]
        return ReportColumns(
            learner.map { $0.map(ResponseCell.learner) } + [
                column(
                    "QuestionSet Id", "content_id", .contentID, "Identifier of the content that was attempted",
                    "assessment_aggregator.content_id"),
                column(
                    "QuestionSet Title", "contentname", .contentTitle, "Title of that content; empty if it is not live",
                    "content search: name"),
                column(
                    "Attempt Id", "attempt_id", .attemptID, "Identifier of the attempt",
                    "assessment_aggregator.attempt_id", isPersonal: true),
                column(
                    "Attempted On", "last_attempted_on", .attemptedOn, "When the attempt was made",
                    "assessment_aggregator.last_attempted_on", "UTC"),
                question("Question Id", "questionid", .id, "Identifier of the question", "id"),
                question("Question Type", "questiontype", .type, "Kind of question, such as mcq", "type"),
                question("Question Title", "questiontitle", .title, "Text of the question", "title"),
                question(
                    "Question Description", "questiondescription", .description, "Description of the question",
                    "description"),
                question(
                    "Question Duration", "questionduration", .duration, "Time spent on the question", "duration",
                    "seconds"),
                question("Question Score", "questionscore", .score, "Points reached", "score", "points"),
                question("Question Max Score", "questionmaxscore", .maximum, "Points to reach", "max_score", "points"),
                question(
                    "Question Options", "questionoption", .options,
                    layout == .documented
                        ? "Answers to choose from and the right ones, JSON"
                        : "Answers to choose from and the right ones, JSON with apostrophes for quotes", "params"),
                question(
                    "Question Response", "questionresponse", .response,
                    layout == .documented
                        ? "What the learner answered, JSON"
                        : "What the learner answered, JSON with apostrophes for quotes", "resvalues"),
            ])
    }

    private static func column(
        _ label: String, _ field: String, _ cell: ResponseCell, _ meaning: String, _ source: String,
        _ unit: String = "",
        isPersonal: Bool = false
    ) -> ReportColumn<ResponseCell> {
        ReportColumn(
            .init(label, meaning: meaning, source: source, unit: unit, isPersonal: isPersonal), field: field, cell)
    }

    private static func question(
        _ label: String, _ field: String, _ cell: QuestionCell, _ meaning: String, _ member: String, _ unit: String = ""
    ) -> ReportColumn<ResponseCell> {
        // What a learner wrote can tell who they are.
        column(
            label, field, .question(cell), meaning, "assessment_aggregator: question.\(member)", unit,
            isPersonal: cell == .response)
    }
}
