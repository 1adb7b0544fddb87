import ReportModel

/// A cell of a progress row.
enum ProgressCell: Hashable, Sendable {
    case learner(LearnerCell)
    case enrolmentDate, completionDate, progress, certificateStatus, totalScore, timeSpent
    /// Progress in a nested collection, by its place in `CourseAnalysis.nestedCollections`.
    case nestedProgress(Int)
    /// Score of an assessment, by its place in `CourseAnalysis.assessments`.
    case score(Int)
}

extension ReportColumns where Cell == ProgressCell {
    /// Layout `documented` (design.md 6.1).
    static func documentedProgress(_ course: CourseAnalysis, _ rules: ReportRules) -> Self {
        let nested = course.nestedCollections.enumerated().map { index, collection in
            ReportColumn<ProgressCell>(
                .init(
                    "\(collection.identifier) - Progress",
                    meaning:
                        "Share of the required contents of \(titled(collection.name)) that are completed, rounded down",
                    source: "user_activity_agg.completedCount, else user_enrolments.contentstatus", unit: "percent",
                    isPersonal: false),
                .nestedProgress(index))
        }
        return ReportColumns(
            learnerColumns([.userID, .userName, .state, .district]) + [
                enrolmentDate(unit: "UTC"), completionDate(unit: "UTC"),
                ReportColumn(
                    .init(
                        "Progress",
                        meaning: "Share of the required contents that are completed, rounded down; 100 once completed",
                        source: "user_enrolments.contentstatus, completedon", unit: "percent", isPersonal: false),
                    .progress),
                certificateStatus, totalScore,
            ] + nested + scores(course, rules)
                + [
                    ReportColumn(
                        .init(
                            "Time Spent", meaning: "Time spent on assessment questions and on contents",
                            source: "assessment_aggregator: question.duration; user_activity_agg: timespent",
                            unit: "seconds", isPersonal: false),
                        .timeSpent)
                ])
    }

    /// `assessment-score-report`: the first eight columns of progress, and the scores (design.md 6.1).
    static func assessmentScores(_ course: CourseAnalysis, _ rules: ReportRules) -> Self {
        ReportColumns(learnerColumns([.userID, .userName, .state, .district]) + [totalScore] + scores(course, rules))
    }

    /// Layout `sunbird` (upstream.md 5.3); `attempted` are the places of the assessments that anybody attempted.
    static func sunbirdProgress(
        _ course: CourseAnalysis, _ rules: ReportRules, attempted: [Int]
    ) -> Self {
        let scores = attempted.map { index in
            ReportColumn<ProgressCell>(
                .init(
                    "\(course.assessments[index].identifier) - Score",
                    meaning:
                        "Score in \(titled(course.assessments[index].name)), rounded up, of the \(rules.keptAttempt) attempt",
                    source: "assessment_aggregator.grand_total", unit: "percent", isPersonal: false),
                .score(index))
        }
        return ReportColumns(
            learnerColumns([
                .userID, .state, .district, .organisation, .schoolID, .schoolName, .block("Block Name"),
                .cluster("Cluster Name"), .userType, .userSubType, .board,
            ]) + [
                enrolmentDate(unit: "day, UTC"), completionDate(unit: "day, UTC"), certificateStatus,
                ReportColumn(
                    .init(
                        "Progress", meaning: "Share of the contents that are completed, rounded; 100 once completed",
                        source: "user_enrolments.contentstatus, completedon; content_hierarchy: leafNodesCount",
                        unit: "percent", isPersonal: false),
                    field: "completionPercentage", .progress),
                ReportColumn(
                    .init(
                        "Total Score", meaning: "Score over all attempted assessments, rounded up",
                        source: "assessment_aggregator.total_score, total_max_score", unit: "percent", isPersonal: false
                    ),
                    field: "total_sum_score", .totalScore),
            ] + scores)
    }

    private static func learnerColumns(_ columns: [ReportColumn<LearnerCell>]) -> [ReportColumn<ProgressCell>] {
        columns.map { $0.map(ProgressCell.learner) }
    }

    private static func scores(_ course: CourseAnalysis, _ rules: ReportRules) -> [ReportColumn<ProgressCell>] {
        course.assessments.enumerated().map { index, assessment in
            ReportColumn(
                .init(
                    "\(assessment.identifier) - Score",
                    meaning: "Score in \(titled(assessment.name)), of the \(rules.keptAttempt) attempt",
                    source: "assessment_aggregator.total_score", unit: "points", isPersonal: false),
                .score(index))
        }
    }

    private static func enrolmentDate(unit: String) -> ReportColumn<ProgressCell> {
        ReportColumn(
            .init(
                "Enrolment Date", meaning: "When the learner enrolled in the batch",
                source: "user_enrolments.enrolled_date, else enrolleddate", unit: unit, isPersonal: false),
            field: "enrolleddate", .enrolmentDate)
    }

    private static func completionDate(unit: String) -> ReportColumn<ProgressCell> {
        ReportColumn(
            .init(
                "Completion Date", meaning: "When the learner completed the collection",
                source: "user_enrolments.completedon", unit: unit, isPersonal: false),
            field: "completedon", .completionDate)
    }

    private static var certificateStatus: ReportColumn<ProgressCell> {
        ReportColumn(
            .init(
                "Certificate Status", meaning: "Issued, Failed where issuing failed, else empty",
                source: "user_enrolments.issued_certificates, certificates, certstatus", isPersonal: false),
            field: "certificatestatus", .certificateStatus)
    }

    private static var totalScore: ReportColumn<ProgressCell> {
        ReportColumn(
            .init(
                "Total Score", meaning: "Sum of the scores in all assessments",
                source: "assessment_aggregator.total_score", unit: "points", isPersonal: false),
            .totalScore)
    }
}

extension ReportColumns where Cell == ProgressCell {
    /// What has to be read to fill these columns.
    func needs(of course: CourseAnalysis, in context: ReportContext) -> LearnerNeeds {
        var activities: [String] = []
        var learnerCells: [LearnerCell] = []
        for cell in cells {
            switch cell {
            case .learner(let cell): learnerCells.append(cell)
            case .nestedProgress(let nested): activities.append(course.nestedCollections[nested].identifier)
            case .timeSpent: activities.append(context.batch.batch.key.collection)
            default: break
            }
        }
        return LearnerNeeds(
            contentStatus: cells.contains(where: \.readsContentStatus),
            profileFields: profileFields(of: learnerCells, in: context.batch), aggregates: activities,
            attempts: cells.contains(.timeSpent) ? .durations : .scores)
    }
}

extension ReportRules {
    /// Which of several attempts counts.
    fileprivate var keptAttempt: String { bestScore ? "best" : "latest" }
}

private func titled(_ name: String) -> String { name.isEmpty ? "the one that the column names" : name }
