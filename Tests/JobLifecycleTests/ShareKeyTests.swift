import JobLifecycle
import ReportModel
import Testing

@Suite struct ShareKeyTests {
    private func request(
        report: String = "progress-exhaust", config: String = "{}", channel: String = "c", by user: String = "u",
        id: String = "A"
    ) -> JobRequest {
        JobRequest(
            tag: "t", requestID: id, reportID: report, requestData: config, requestedBy: user,
            requestedChannel: channel, submittedAt: Timestamp(milliseconds: 0))
    }

    @Test func `the id does not matter, and parts cannot be mistaken for each other`() {
        let run = JobRun()
        #expect(ShareKey(of: request(), run: run) == ShareKey(of: request(id: "B"), run: run))
        #expect(
            ShareKey(of: request(channel: "ab", by: "c"), run: run)
                != ShareKey(of: request(channel: "a", by: "bc"), run: run))
        #expect(
            ShareKey(of: request(config: "not json"), run: run) != ShareKey(of: request(config: "not  json"), run: run))
        #expect(ShareKey(of: request(), run: run) != ShareKey(of: request(), run: JobRun(passwordHash: "x")))
        #expect(ShareKey(of: request(), run: run) != ShareKey(of: request(), run: JobRun(layout: .documented)))
    }

    @Test func `rows of other programs share nothing`() {
        var foreign = request()
        #expect(ShareKey(of: foreign, run: nil) == nil)
        foreign.encryptionKey = "pass1234"
        #expect(ShareKey(of: foreign, run: JobRun()) == nil)
        foreign.encryptionKey = ""
        #expect(ShareKey(of: foreign, run: JobRun()) != nil)
    }

    @Test func `a fresh request follows only a run that began at its moment or later`() {
        let moment = Timestamp(milliseconds: 5)
        #expect(ShareKey.follows(freshSince: nil, leaderLeasedAt: Timestamp(milliseconds: 1)))
        #expect(!ShareKey.follows(freshSince: moment, leaderLeasedAt: Timestamp(milliseconds: 4)))
        #expect(ShareKey.follows(freshSince: moment, leaderLeasedAt: moment))
        #expect(!ShareKey.follows(freshSince: moment, leaderLeasedAt: nil))
    }
}
