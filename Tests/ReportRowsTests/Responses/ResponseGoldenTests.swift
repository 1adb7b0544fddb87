import ReportModel
import Testing

@testable import ReportRows

@Suite struct ResponseGoldenTests {
    private func run(
        _ layout: ReportLayout, pageSize: Int = 100, attemptPageSize: Int = 100,
        _ change: (inout ReportContext) -> Void = { _ in }
    ) throws -> ReportRun {
        try ReportRun(
            ResponseReport(), of: CourseFixture.learners, in: .test(layout: layout, change), pageSize: pageSize,
            attemptPageSize: attemptPageSize, limits: PieceLimits(rows: 2), titles: CourseFixture.titles)
    }

    @Test func `documented responses`() throws {
        let run = try run(.documented)
        try expectGolden(run.csv, "response-documented.csv")
        #expect(run.tally.rows == 9)
        #expect(run.tally.learners == 8)
        #expect(run.tally.findings == [.profileMissing: 1])
    }

    @Test func `responses as upstream prints them`() throws {
        try expectGolden(run(.sunbird).csv, "response-sunbird.csv")
    }

    @Test func `responses as upstream prints them, with Spark's quotes and some columns dropped`() throws {
        let run = try run(.sunbird) {
            $0.csv.dialect = .spark
            $0.selectedColumns = ["attempt_id", "questionid", "questionoption", "batchid"]
        }
        try expectGolden(run.csv, "response-sunbird-spark.csv")
    }

    @Test(arguments: ReportLayout.allCases)
    func `the file does not depend on the sizes of pages`(layout: ReportLayout) throws {
        let whole = try run(layout)
        for (learners, attempts) in [(1, 1), (2, 1), (3, 2), (7, 3)] {
            let paged = try run(layout, pageSize: learners, attemptPageSize: attempts)
            #expect(paged.csv == whole.csv)
            #expect(paged.pieces == whole.pieces)
            #expect(paged.tally == whole.tally)
        }
    }
}
