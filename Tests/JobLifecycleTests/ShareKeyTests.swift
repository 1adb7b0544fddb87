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

    private func key(_ request: JobRequest, _ run: JobRun? = JobRun()) throws -> ShareKey? {
        try ShareKey(of: request, run: run)
    }

    @Test func `the id does not matter, and parts cannot be mistaken for each other`() throws {
        #expect(try key(request()) == key(request(id: "B")))
        #expect(try key(request(channel: "ab", by: "c")) != key(request(channel: "a", by: "bc")))
        #expect(try key(request(config: "not json")) != key(request(config: "not  json")))
        #expect(try key(request()) != key(request(), JobRun(passwordHash: "x")))
        #expect(try key(request()) != key(request(), JobRun(layout: .documented)))
    }

    @Test func `it is as short for a long configuration as for none, and that of the parts as they were stored before`()
        throws
    {
        let long = try key(request(config: String(repeating: "x", count: 1 << 20)))
        #expect(long?.text.utf8.count == 64)
        #expect(try key(request()) == ShareKey.shortened("16:progress-exhaust2:{}0:1:c1:u0:"))
        #expect(try ShareKey.shortened("").text.hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
    }

    @Test func `rows of other programs share nothing`() throws {
        var foreign = request()
        #expect(try key(foreign, nil) == nil)
        foreign.encryptionKey = "pass1234"
        #expect(try key(foreign) == nil)
        foreign.encryptionKey = ""
        #expect(try key(foreign) != nil)
    }

    @Test func `a fresh request follows only a run that began at its moment or later`() {
        let moment = Timestamp(milliseconds: 5)
        #expect(ShareKey.follows(freshSince: nil, leaderLeasedAt: Timestamp(milliseconds: 1)))
        #expect(!ShareKey.follows(freshSince: moment, leaderLeasedAt: Timestamp(milliseconds: 4)))
        #expect(ShareKey.follows(freshSince: moment, leaderLeasedAt: moment))
        #expect(!ShareKey.follows(freshSince: moment, leaderLeasedAt: nil))
    }
}
