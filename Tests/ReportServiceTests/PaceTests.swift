import ReportModel
@testable import ReportService
import Testing

@Suite struct PaceTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)
    private let book = PaceBook()

    private func request(_ status: RequestStatus = .processing) -> JobRequest {
        var request = JobRequest(
            tag: "t:c", requestID: "R", reportID: "progress-exhaust", requestData: "{}", requestedBy: "u",
            requestedChannel: "c", submittedAt: start)
        request.status = status
        return request
    }

    private func run(_ done: Int, of expected: Int = 1_000, fencing: Int64 = 1) -> JobRun {
        var run = JobRun()
        run.owner = "worker"
        run.fencing = fencing
        run.firstLeasedAt = start
        run.progress = RunProgress(learnersDone: done, learnersExpected: expected, rows: done)
        return run
    }

    private func pace(_ run: JobRun, after seconds: Double, batches: Int? = 1) -> Pace? {
        book.pace(of: request(), run: run, batchCount: batches, at: start.adding(seconds: seconds))
    }

    @Test func `the first look counts the whole time`() {
        let pace = pace(run(200), after: 10)
        #expect(pace?.learnersPerSecond == 20 && pace?.secondsLeft == 40)
    }

    @Test func `later looks count what happened lately`() {
        _ = pace(run(100), after: 100)
        let faster = pace(run(600), after: 105)
        #expect(faster?.learnersPerSecond == 100 && faster?.secondsLeft == 4)
        // A run that stands still gets slower with every look.
        #expect(pace(run(600), after: 115)?.learnersPerSecond == 100.0 * 5 / 15)
        #expect((pace(run(600), after: 1_000)?.learnersPerSecond ?? 0) < 1)
    }

    @Test func `a run that was taken up again starts a new count`() {
        _ = pace(run(900), after: 90)
        let taken = pace(run(300, fencing: 2), after: 100)
        #expect(taken?.learnersPerSecond == 3)
    }

    @Test func `batches whose roster is unknown count as large as those that are known`() {
        #expect(pace(run(500), after: 10, batches: 4)?.secondsLeft == 70)
        #expect(pace(run(500), after: 10, batches: nil)?.secondsLeft == nil)
    }

    @Test func `what does not run, or has not begun to read, has no pace`() {
        #expect(pace(run(0, of: 0), after: 5) == nil)
        for status in RequestStatus.allCases where status != .processing {
            #expect(book.pace(of: request(status), run: run(10), batchCount: 1, at: start.adding(seconds: 1)) == nil)
        }
    }
}
