import ReportModel

extension SampleData {
    /// The rows of a file that is not about learners; answers how many.
    func addCatalogue(_ file: SampleFile, to lines: inout JSONLines) -> Int {
        let rows = catalogueRows(file)
        for row in rows {
            lines.raw(Array(row.compactText.utf8))
            lines.raw("\n")
        }
        return rows.count
    }

    private func catalogueRows(_ file: SampleFile) -> [JSONValue] {
        switch file {
        case .systemSettings:
            [row(("id", "custodianOrgId"), ("field", "custodianOrgId"), ("value", SampleCourse.custodian))]
        case .organisation:
            [
                row(("id", SampleCourse.organisation), ("orgname", "Sample Education Board"), ("channel", "sample")),
                row(("id", SampleCourse.otherOrganisation), ("orgname", "Other Board, Ltd.")),
                row(("id", SampleCourse.custodian), ("orgname", "Custodian")),
            ]
        case .tenantPreference:
            [
                .members(
                    ("orgid", .string("default")), ("key", .string("dataSecurityPolicy")),
                    ("data", .members(("level", .string(SecurityLevel.password.rawValue)), ("job", .members()))))
            ]
        case .consumerChannel:
            [
                .members(
                    ("consumer_id", .string("sample-consumer")), ("channel", .string(SampleCourse.organisation)),
                    ("status", .integer(1)))
            ]
        case .content: contents
        case .contentHierarchy:
            [.members(("identifier", .string(SampleCourse.course)), ("hierarchy", course.tree))]
        case .courseBatch: batches
        default: []
        }
    }

    private var contents: [JSONValue] {
        let collections = [
            row(
                ("identifier", SampleCourse.course), ("name", "Sample course: light, water & \"air\""),
                ("channel", SampleCourse.organisation), ("userConsent", "Yes"), ("status", "Live"),
                ("objectType", "Collection"), ("primaryCategory", "Course")),
            row(
                ("identifier", SampleCourse.treelessCourse), ("name", "Course without a tree"),
                ("channel", SampleCourse.otherOrganisation), ("status", "Live"), ("objectType", "Collection")),
            row(
                ("identifier", SampleCourse.retiredCourse), ("name", "Retired course"),
                ("channel", SampleCourse.organisation), ("status", "Retired"), ("objectType", "Collection")),
        ]
        // The last quiz is a draft: it has no title in reports.
        let quizzes = course.units.indices.map { index in
            row(
                ("identifier", "do_sample_quiz_\(index + 1)"), ("name", "Quiz \(index + 1)"),
                ("channel", SampleCourse.organisation),
                ("status", index > 0 && index + 1 == course.units.count ? "Draft" : "Live"))
        }
        return collections + quizzes
    }

    private var batches: [JSONValue] {
        [
            row(
                ("courseid", SampleCourse.course), ("batchid", SampleCourse.batch),
                ("name", "Sample batch, all learners"),
                ("start_date", "2026-01-05"), ("end_date", "2026-06-30"), ("createdby", "sample-admin")),
            row(
                ("courseid", SampleCourse.course), ("batchid", SampleCourse.secondBatch), ("name", "Second batch"),
                ("startdate", "2026-02-01"), ("createdby", "sample-admin")),
            row(
                ("courseid", SampleCourse.treelessCourse), ("batchid", SampleCourse.treelessBatch),
                ("name", "=Batch")),
            row(
                ("courseid", SampleCourse.retiredCourse), ("batchid", SampleCourse.retiredBatch), ("name", "Retired")),
        ]
    }

    private func row(_ members: (String, String)...) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, .string($0.1)) })
    }
}
