import ReportModel
import Testing

@testable import ReportRows

@Suite struct UserInfoGoldenTests {
    private func run(_ layout: ReportLayout, _ change: (inout ReportContext) -> Void = { _ in }) throws -> ReportRun {
        try ReportRun(
            UserInfoReport(), of: CourseFixture.learners,
            in: .test(layout: layout) {
                $0.decrypter = TestDecrypter()
                change(&$0)
            }, pageSize: 3)
    }

    @Test func `documented user information`() throws {
        let run = try run(.documented)
        try expectGolden(run.csv, "userinfo-documented.csv")
        #expect(run.tally.learners == 8)
        #expect(run.tally.rows == 4)
        #expect(run.tally.leftOut == [.inactive: 1, .consentExpired: 2, .consentRevoked: 1])
        #expect(run.tally.findings == [.profileMissing: 1])
    }

    @Test func `user information as upstream prints it`() throws {
        try expectGolden(run(.sunbird).csv, "userinfo-sunbird.csv")
    }

    @Test func `user information as upstream prints it, with Spark's quotes and some columns dropped`() throws {
        let run = try run(.sunbird) {
            $0.csv.dialect = .spark
            $0.selectedColumns = ["batchid", "userid", "username", "email", "phone", "consentprovideddate"]
        }
        try expectGolden(run.csv, "userinfo-sunbird-spark.csv")
    }
}
