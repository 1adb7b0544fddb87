import JobLifecycle
import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Synchronization
import Testing

/// Workers on several machines: each a store of its own, several requests at once, by the server's clock.
@Suite(.needsPostgres) struct ManyWorkersTests {
    /// What the workers did, in the order in which they were told.
    final class Diary: Sendable {
        struct Entries: Sendable {
            var leased: [RequestKey] = []
            var finished: [RequestKey] = []
        }

        private let entries = Mutex(Entries())
        var all: Entries { entries.withLock { $0 } }
        func leased(_ key: RequestKey) { entries.withLock { $0.leased.append(key) } }
        func finished(_ key: RequestKey) { entries.withLock { $0.finished.append(key) } }
    }

    static let machines = 3
    static let runsOfMachine = 4

    /// Works until `total` requests are done.
    static func work(_ stores: [PostgresJobStore], _ diary: Diary, total: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (machine, store) in stores.enumerated() {
                for _ in 0..<runsOfMachine {
                    group.addTask {
                        while diary.all.finished.count < total {
                            let ask = LeaseAsk(worker: "machine-\(machine)")
                            guard let lease = try await store.lease(ask) else {
                                await Task.yield()
                                continue
                            }
                            diary.leased(lease.token.key)
                            _ = try await store.renew([LeaseRenewal(token: lease.token, progress: .init(rows: 1))])
                            try await finishBatch(store, lease)
                            _ = try await store.finish(lease.token, .succeeded(receipt: "{}", milliseconds: 1))
                            diary.finished(lease.token.key)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func finishBatch(_ store: PostgresJobStore, _ lease: LeasedRequest) async throws {
        let path = "progress-exhaust/\(lease.request.requestID)/b1_progress_20240131"
        let file = FinishedFile(
            batch: BatchKey(collection: "do_1", batch: "b1"), path: path + ".zip", fileBytes: 5, csvBytes: 10,
            receipt: "{}")
        let batch = ProcessedBatch(
            channel: lease.request.requestedChannel, batchID: "b1", filePath: path + ".csv", fileSize: 10)
        try await store.update(lease.token, .batchFinished(file, batch, .init(rows: 1)))
    }

    @Test func `2,000 requests of 20 channels are each done once, and no channel starves behind a large one`()
        async throws
    {
        let scene = try await PostgresScene(connections: 4, realClock: true)
        // One channel asks for more than half, and asks first.
        try await scene.sql(
            """
            INSERT INTO dev_job_request (tag, request_id, job_id, status, request_data, requested_channel, dt_job_submitted)
            SELECT 't:' || channel, 'R' || number, 'progress-exhaust', 'SUBMITTED', '{"batchId":"b1"}', channel,
                timestamp '2024-01-31' + number * interval '1 ms'
            FROM (SELECT n AS number, 'org-' || CASE WHEN n < 1050 THEN 0 ELSE 1 + n % 19 END AS channel
                FROM generate_series(0, 1999) n) AS r
            """)
        var stores = [scene.store]
        for _ in 1..<Self.machines { stores.append(try await scene.openAgain(realClock: true)) }
        let diary = Diary()
        try await Self.work(stores, diary, total: 2_000)
        let done = diary.all
        #expect(done.leased.count == 2_000 && Set(done.leased).count == 2_000 && Set(done.finished).count == 2_000)
        let rows = try await scene.text(
            """
            SELECT count(*) || ' ' || min(n.fencing) || ' ' || max(n.fencing) || ' ' || coalesce(max(r.iteration), 0)
            FROM dev_job_request r JOIN dev_job_run n USING (tag, request_id)
            WHERE status = 'SUCCESS' AND cardinality(download_urls) = 1
            """)
        #expect(rows == "2000 1 1 0")
        // While a channel waits, no other gets ahead of it by more than the workers can hold at one moment, twice.
        let slack = 2 * Self.machines * Self.runsOfMachine
        var counts: [String: Int] = [:]
        for (place, key) in done.leased.enumerated() {
            let channel = String(key.tag.dropFirst(2))
            counts[channel, default: 0] += 1
            guard channel != "org-0", counts[channel] == 50 else { continue }
            #expect((counts["org-0"] ?? 0) <= 50 + slack, "\(channel) was done at place \(place)")
        }
        for store in stores.dropFirst() { await store.close() }
        try await scene.end()
    }

    @Test func `the server is killed and restarted in the middle: nothing is lost, and nothing is done twice`()
        async throws
    {
        let server = try await OwnServer.start(.postgres)
        let scene = try await PostgresScene(
            address: server.address, connections: 4, realClock: true, retrySeconds: 60)
        for number in 0..<300 {
            try await scene.jobs.submit("R\(number)", channel: "org-\(number % 5)")
        }
        var stores = [scene.store]
        for _ in 1..<Self.machines { stores.append(try await scene.openAgain(realClock: true)) }
        let (machines, diary) = (stores, Diary())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.work(machines, diary, total: 300) }
            group.addTask {
                for (count, action) in [(50, "kill"), (120, "down"), (200, "kill")] {
                    while diary.all.finished.count < count { await Task.yield() }
                    try await server.run(action)
                    try await server.start()
                }
            }
            try await group.waitForAll()
        }
        let done = diary.all
        #expect(Set(done.leased).count == 300 && done.leased.count == 300 && Set(done.finished).count == 300)
        // One lease each: none was taken by a worker that never heard of it.
        let rows = try await scene.text(
            """
            SELECT count(*) || ' ' || max(n.fencing) || ' ' || max(n.lost_leases) || ' ' || coalesce(max(r.iteration), 0)
            FROM dev_job_request r JOIN dev_job_run n USING (tag, request_id)
            WHERE status = 'SUCCESS' AND cardinality(download_urls) = 1 AND n.owner IS NULL
            """)
        #expect(rows == "300 1 0 0")
        #expect(try await scene.text("SELECT count(*) FROM dev_job_batch") == "300")
        #expect(scene.store.figures.repeats > 0)
        for store in stores.dropFirst() { await store.close() }
        try await scene.end()
        try await server.end()
    }

    @Test func `two machines that file the same request at once make one row`() async throws {
        let scene = try await PostgresScene(connections: 4, realClock: true)
        let other = try await scene.openAgain(realClock: true)
        let effects = try await withThrowingTaskGroup(of: SubmissionAnswer.Effect.self) { group in
            for number in 0..<40 {
                let store = number % 2 == 0 ? scene.store : other
                group.addTask { try await store.submit(Submission(request: JobScene.row("A"))).effect }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(effects.filter { $0 == .created }.count == 1 && effects.count == 40)
        #expect(try await scene.store.requests(RequestQuery()).count == 1)
        await other.close()
        try await scene.end()
    }

    @Test func `equal requests are leased once, however many workers look at the same moment`() async throws {
        let scene = try await PostgresScene(connections: 8, realClock: true)
        for round in 0..<10 {
            let config = #"{"batchId":"b\#(round)"}"#
            for number in 0..<6 {
                try await scene.jobs.submit(JobScene.row("R\(round)-\(number)", config: config))
            }
            let leases = try await withThrowingTaskGroup(of: LeasedRequest?.self) { group in
                for _ in 0..<8 { group.addTask { try await scene.store.lease(LeaseAsk(worker: "w")) } }
                return try await group.reduce(into: [LeasedRequest]()) { if let lease = $1 { $0.append(lease) } }
            }
            #expect(leases.count == 1, "round \(round)")
            if let lease = leases.first { try await scene.jobs.succeed(lease) }
        }
        #expect(try await scene.text("SELECT count(*) FROM dev_job_request WHERE status = 'SUCCESS'") == "60")
        try await scene.end()
    }

    @Test func `a heartbeat does not wait for a row that another program keeps locked`() async throws {
        let scene = try await PostgresScene()
        try await scene.jobs.submit("A")
        let lease = try await scene.jobs.leaseNext()
        let schema = scene.tables.schema
        let locked = try await scene.other.run { connection in
            try connection.query("BEGIN")
            return try connection.query("SELECT 1 FROM \(schema).dev_job_request FOR UPDATE").count
        }
        #expect(locked == 1)
        let answers = try await scene.store.renew([LeaseRenewal(token: lease.token, progress: .init())])
        #expect(answers.map(\.isHeld) == [true])
        try await scene.other.run { _ = try $0.query("ROLLBACK") }
        try await scene.end()
    }
}
