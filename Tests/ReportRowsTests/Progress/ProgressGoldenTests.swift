import ReportModel
import Testing

@testable import ReportRows

@Suite struct ProgressGoldenTests {
    private func context(_ layout: ReportLayout, _ change: (inout ReportContext) -> Void = { _ in }) -> ReportContext {
        .test(tree: CourseFixture.tree, layout: layout) {
            $0.rules.certificateFailedStatuses = [3]
            change(&$0)
        }
    }

    @Test func `documented progress`() throws {
        let run = try ReportRun(ProgressReport(), of: CourseFixture.learners, in: context(.documented))
        try expectGolden(run.csv, "progress-documented.csv")
        #expect(run.tally.learners == 8)
        #expect(run.tally.rows == 7)
        #expect(run.tally.leftOut == [.inactive: 1])
        #expect(
            run.tally.findings == [.profileMissing: 1, .enrolmentDateMissing: 1, .enrolmentDateUnreadable: 1])
    }

    @Test func `documented progress with nested collections two deep, the latest attempt, and Windows line ends`()
        throws
    {
        let context = context(.documented) {
            $0.rules.nestedDepth = 2
            $0.rules.bestScore = false
            $0.csv = CSVOptions(byteOrderMark: true, lineEnd: .crlf)
        }
        let run = try ReportRun(ProgressReport(), of: CourseFixture.learners, in: context)
        try expectGolden(run.csv, "progress-documented-nested.csv")
    }

    @Test func `progress as upstream prints it`() throws {
        let run = try ReportRun(ProgressReport(), of: CourseFixture.learners, in: context(.sunbird))
        try expectGolden(run.csv, "progress-sunbird.csv")
        #expect(run.tally.rows == 7)
        #expect(
            run.tally.findings == [.profileMissing: 1, .enrolmentDateMissing: 1, .enrolmentDateUnreadable: 1])
    }

    @Test func `progress as upstream prints it, with Spark's quotes and some columns dropped`() throws {
        let context = context(.sunbird) {
            $0.csv.dialect = .spark
            $0.selectedColumns = ["userid", "courseid", "orgname", "board", "completionPercentage"]
        }
        let run = try ReportRun(ProgressReport(), of: CourseFixture.learners, in: context)
        try expectGolden(run.csv, "progress-sunbird-spark.csv")
    }

    @Test func `assessment scores`() throws {
        let run = try ReportRun(AssessmentScoreReport(), of: CourseFixture.learners, in: context(.documented))
        try expectGolden(run.csv, "assessment-documented.csv")
        #expect(run.tally.findings == [.profileMissing: 1])
    }

    @Test(arguments: ReportLayout.allCases)
    func `the file does not depend on the sizes of pages`(layout: ReportLayout) throws {
        let whole = try ReportRun(
            ProgressReport(), of: CourseFixture.learners, in: context(layout), limits: PieceLimits(rows: 3))
        #expect(whole.rowsOfPieces == [3, 3, 1])
        for (learners, attempts) in [(1, 1), (2, 1), (3, 2), (7, 1)] {
            let paged = try ReportRun(
                ProgressReport(), of: CourseFixture.learners, in: context(layout), pageSize: learners,
                attemptPageSize: attempts, limits: PieceLimits(rows: 3))
            #expect(paged.csv == whole.csv)
            #expect(paged.pieces == whole.pieces)
            #expect(paged.tally == whole.tally)
        }
    }
}
