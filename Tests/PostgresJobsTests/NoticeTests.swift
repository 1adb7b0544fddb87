import JobLifecycle
import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite(.needsPostgres) struct PostgresNoticeTests {
    @Test func `a worker is told of a submission on another machine, and then finds it`() async throws {
        let scene = try await PostgresScene(pollSeconds: 3_600)
        let other = try await scene.openAgain()
        var notices = scene.store.work().makeAsyncIterator()
        #expect(await notices.next() != nil)
        for number in 0..<5 {
            _ = try await other.submit(Submission(request: JobScene.row("R\(number)")))
            #expect(await notices.next() != nil)
            #expect(try await scene.jobs.lease()?.request.requestID == "R\(number)")
        }
        await other.close()
        try await scene.end()
    }

    @Test func `rows that programs write with SQL alone are told of, in whatever way they become SUBMITTED`()
        async throws
    {
        let scene = try await PostgresScene(pollSeconds: 3_600)
        var notices = scene.store.work().makeAsyncIterator()
        #expect(await notices.next() != nil)
        try await scene.sql(
            "INSERT INTO dev_job_request (tag, request_id, status) VALUES ('t', 'X', 'submitted'), ('t', 'Y', 'FAILED')"
        )
        #expect(await notices.next() != nil)
        #expect(try await scene.jobs.lease()?.request.requestID == "X")
        try await scene.sql("UPDATE dev_job_request SET status = 'SUBMITTED' WHERE request_id = 'Y'")
        #expect(await notices.next() != nil)
        #expect(try await scene.jobs.lease()?.request.requestID == "Y")
        try await scene.end()
    }

    @Test func `ends of requests are told to those who ask for all changes, not to workers that look for work`()
        async throws
    {
        let scene = try await PostgresScene(pollSeconds: 3_600)
        var (changes, work) = (scene.store.changes().makeAsyncIterator(), scene.store.work().makeAsyncIterator())
        _ = await changes.next()
        _ = await work.next()
        try await scene.jobs.submit("A")
        _ = await changes.next()
        _ = await work.next()
        try await scene.jobs.succeed(try await scene.jobs.leaseNext())
        #expect(await changes.next() != nil)
        // Had the end been told to workers, that notice would come first, and there would be nothing to lease.
        try await scene.jobs.submit("B")
        #expect(await work.next() != nil)
        #expect(try await scene.jobs.lease()?.request.requestID == "B")
        try await scene.end()
    }

    @Test func `streams end with their task, and all end with the store`() async throws {
        let scene = try await PostgresScene()
        let store = scene.store
        let cancelled = Task { for await _ in store.changes() {} }
        cancelled.cancel()
        await cancelled.value
        let waiting = Task { for await _ in store.changes() {} }
        let second = store.work()
        try await scene.end()
        await waiting.value
        for await _ in second {}
        for await _ in store.changes() {}
    }
}
