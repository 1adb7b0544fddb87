import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import Testing

@testable import SQLiteJobs

@Suite(.timeLimit(.minutes(2))) struct JobNoticesTests {
    @Test func `a worker is told of a submission by another process, and then finds it`() async throws {
        let scene = try await SQLiteScene()
        let other = try await scene.openAgain()
        var notices = scene.store.changes().makeAsyncIterator()
        for number in 0..<5 {
            _ = try await other.submit(Submission(request: JobScene.row("R\(number)")))
            var lease: LeasedRequest?
            // A notice of the write before may come first.
            while lease == nil {
                #expect(await notices.next() != nil)
                lease = try await scene.jobs.lease()
            }
            #expect(lease?.request.requestID == "R\(number)")
        }
        await other.close()
        await scene.store.close()
    }

    @Test func `programs that write with SQL alone are noticed too`() async throws {
        let scene = try await SQLiteScene()
        var notices = scene.store.changes().makeAsyncIterator()
        try scene.sql(
            """
            INSERT INTO job_request (tag, request_id, status, requested_channel, dt_job_submitted)
            VALUES ('t', 'X', 'SUBMITTED', 'c', '2024-01-31 00:00:00')
            """)
        var lease: LeasedRequest?
        while lease == nil {
            #expect(await notices.next() != nil)
            lease = try await scene.jobs.lease()
        }
        #expect(lease?.request.requestID == "X")
        await scene.store.close()
    }

    /// Each of the two notices by itself: who is slow to take the first finds both as one.
    @Test(arguments: [
        JobNotices.Timing(gatherMilliseconds: 1, settleMilliseconds: 86_400_000, pollSeconds: 86_400),
        JobNotices.Timing(gatherMilliseconds: 86_400_000, settleMilliseconds: 30, pollSeconds: 86_400),
    ])
    func `a write is told by the kernel, and once more when its commit counts, without any poll`(
        timing: JobNotices.Timing
    ) async throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.file("a.db"))
        try database.execute("CREATE TABLE t (i)")
        let notices = JobNotices(logAt: folder.file("a.db-wal"), timing: timing)
        var stream = notices.stream().makeAsyncIterator()
        for _ in 0..<3 {
            try database.execute("INSERT INTO t VALUES (1)")
            #expect(await stream.next() != nil)
        }
        notices.stop()
        #expect(await stream.next() == nil)
    }

    @Test func `where the kernel can tell nothing, the poll does`() async throws {
        let notices = JobNotices(logAt: "/nowhere/a.db-wal", timing: .init(pollSeconds: 0))
        var stream = notices.stream().makeAsyncIterator()
        #expect(await stream.next() != nil)
        notices.stop()
    }

    @Test func `a stream of notices ends with its task, and all end with the store`() async throws {
        let scene = try await SQLiteScene()
        let store = scene.store
        let cancelled = Task { for await _ in store.changes() {} }
        cancelled.cancel()
        await cancelled.value
        let waiting = Task { for await _ in store.changes() {} }
        let second = store.changes()
        await store.close()
        await waiting.value
        for await _ in second {}
        for await _ in store.changes() {}
    }
}
