import ReportModel
import Testing

@testable import ReportRows

@Suite struct AudienceTests {
    private let learners = [
        Learner("u1", profile: [.rootorgid: "org-2"]), Learner("u2", profile: [.rootorgid: "org-1"]),
        Learner("u3", profile: [.rootorgid: ""]), Learner("u4", profile: [:]), Learner("u5", profile: nil),
        Learner("u6", profile: [.rootorgid: "org-2"]) { $0.isActive = false },
    ]

    @Test func `the collection's own organisation sees every active learner`() throws {
        let run = try ReportRun(AssessmentScoreReport(), of: learners, in: .test())
        #expect(run.tally.learners == 6)
        #expect(run.tally.leftOut == [.inactive: 1])
        #expect(run.tally.findings == [.profileMissing: 1])
        #expect(run.tally.rows == 5)
        #expect(run.tally.reported == 5)
    }

    @Test(arguments: ReportRegistry.standard.reports.map(\.id), [1, 10])
    func `another organisation sees its own learners, and how many it does not see`(id: String, pageSize: Int) throws {
        let report = try ReportRegistry.standard.report(named: id)
        let agreed = learners.map { learner in
            var learner = learner
            learner.consent = Consent("ACTIVE")
            learner.attempts = [Attempt("do_q", "a")]
            return learner
        }
        for layout in report.layouts {
            let context = ReportContext.test(layout: layout) { $0.batch.requestingOrganisation = "org-2" }
            let run = try ReportRun(report, of: agreed, in: context, pageSize: pageSize)
            #expect(run.rows.map { $0.contains(",u1,") } == [true])
            #expect(run.tally.leftOut == [.inactive: 1, .otherOrganisation: 1, .organisationUnknown: 3])
            #expect(run.tally.findings[.profileMissing] == nil)
            #expect(run.tally.learners == 6)
        }
    }

    @Test func `a batch without learners has a header alone`() throws {
        for report in ReportRegistry.standard.reports {
            for layout in report.layouts {
                let run = try ReportRun(report, of: [], in: .test(layout: layout))
                #expect(run.text.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
                #expect(run.tally == Tally())
                #expect(run.pieces.isEmpty)
            }
        }
    }
}
