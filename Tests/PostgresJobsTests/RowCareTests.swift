import JobLifecycle
import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite(.needsPostgres) struct RowCareTests {
    private static let seal: KeySealer = { stored, request in
        if stored == "unreadable" { throw ExhaustError(.invalidInput, "the key cannot be read") }
        return SealedKey(password: Array("sealed:\(stored):\(request.requestID)".utf8), hash: "hash:\(stored)")
    }

    private func foreign(_ id: String, key: String?) -> JobRequest {
        var row = JobScene.row(id, config: #"{"batchId":"b1"}"#)
        row.encryptionKey = key
        return row
    }

    @Test func `a key that another program filed is sealed and gone from the table once work begins`() async throws {
        let scene = try await PostgresScene()
        let jobs = scene.jobs(scene.store.keeping(KeyKeeping(seal: Self.seal)))
        try await jobs.writeForeign(foreign("F", key: "pass1234"))
        let lease = try await jobs.leaseNext()
        #expect(lease.request.encryptionKey == nil && lease.run.passwordHash == "hash:pass1234")
        #expect(lease.run.sealedPassword == Array("sealed:pass1234:F".utf8))
        #expect(try await scene.text("SELECT count(encryption_key) FROM dev_job_request") == "0")
        try await jobs.succeed(lease)
        #expect(try await scene.text("SELECT count(sealed_password) FROM dev_job_run") == "0")
        try await scene.end()
    }

    @Test func `a key that cannot be read stays where it is, and without the setting all do`() async throws {
        let scene = try await PostgresScene()
        try await scene.jobs.writeForeign(foreign("F", key: "unreadable"))
        let lease = try await scene.jobs(scene.store.keeping(KeyKeeping(seal: Self.seal))).leaseNext()
        #expect(lease.request.encryptionKey == "unreadable" && lease.run.sealedPassword == nil)
        try await scene.jobs.writeForeign(foreign("G", key: "pass1234"))
        #expect(try await scene.jobs.leaseNext().request.encryptionKey == "pass1234")
        try await scene.end()
    }

    @Test(arguments: [true, false])
    func
        `a row that another program put back with another key begins anew, with the same one it goes on`(
            moves: Bool
        ) async throws
    {
        let scene = try await PostgresScene()
        let jobs = scene.jobs(scene.store.keeping(KeyKeeping(movesKeys: moves, seal: Self.seal)))
        // One that other programs filed, and one that we did.
        try await jobs.writeForeign(foreign("F", key: "A"))
        _ = try await scene.store.submit(
            Submission(request: JobScene.row("S"), sealedPassword: [1], passwordHash: "hash:A"))
        for id in ["F", "S"] {
            var files = 0
            for key in ["A", "B", "B"] {
                if id == "S" || files > 0 {
                    try await scene.sql(
                        "UPDATE dev_job_request SET status = 'SUBMITTED', iteration = 0, encryption_key = $1::text "
                            + "WHERE request_id = $2::text", [.text(key), .text(id)])
                }
                let lease = try await jobs.leaseNext()
                #expect(lease.request.requestID == id && lease.run.passwordHash == "hash:\(key)")
                #expect(lease.run.files.count == (key == "A" ? 0 : files - 1), "\(id) \(key) \(files)")
                #expect(lease.request.encryptionKey == (moves ? nil : key))
                #expect(lease.run.sealedPassword == (moves ? Array("sealed:\(key):\(id)".utf8) : nil))
                try await jobs.finishBatch(lease, "b1")
                try await jobs.fail(lease, canPass: false)
                files = files == 0 ? 1 : files == 1 ? 2 : 0
            }
        }
        try await scene.end()
    }

    @Test func `a moved key shares a run with equal keys, and with no open request`() async throws {
        let scene = try await PostgresScene()
        let jobs = scene.jobs(scene.store.keeping(KeyKeeping(seal: Self.seal)))
        try await jobs.writeForeign(foreign("F", key: "pass1234"))
        _ = try await jobs.leaseNext()
        let config = #"{"batchId":"b1"}"#
        let same = Submission(
            request: JobScene.row("S", config: config), layout: nil, sealedPassword: [1], passwordHash: "hash:pass1234")
        _ = try await scene.store.submit(same)
        #expect(try await jobs.lease() == nil)
        try await jobs.submit(JobScene.row("O", config: config))
        #expect(try await jobs.leaseNext().request.requestID == "O")
        try await scene.end()
    }

    @Test func `runs of requests that ended long ago are forgotten, their rows stay`() async throws {
        let scene = try await PostgresScene()
        for id in ["done", "failed", "retrying", "waiting", "running"] { try await scene.jobs.submit(id, channel: id) }
        for _ in 0..<5 {
            let lease = try await scene.jobs.leaseNext()
            switch lease.request.requestID {
            case "done": try await scene.jobs.succeed(lease)
            case "failed": try await scene.jobs.fail(lease, canPass: false)
            case "retrying": try await scene.jobs.fail(lease)
            case "waiting": _ = try await scene.store.finish(lease.token, .cancelled)
            default: break
            }
        }
        try await scene.jobs.submit("waiting", channel: "waiting")
        let end = scene.clock.now().adding(seconds: 1)
        #expect(try await scene.store.forgetRuns(endedBefore: scene.clock.now()) == 0)
        #expect(try await scene.store.forgetRuns(endedBefore: end) == 2)
        let left = try await scene.store.requests(RequestQuery()).filter { $0.run != nil }.map(\.request.requestID)
        #expect(left.sorted() == ["retrying", "running", "waiting"])
        #expect(try await scene.store.requests(RequestQuery()).count == 5)
        try await scene.end()
    }

    @Test func `rows that name no file any more are removed with their runs, and the runs of rows that are gone`()
        async throws
    {
        let scene = try await PostgresScene()
        for id in ["named", "bare", "gone"] {
            try await scene.jobs.submit(id)
            let lease = try await scene.jobs.leaseNext()
            try await scene.jobs.finishBatch(lease, id)
            try await scene.jobs.succeed(lease)
        }
        try await scene.store.forgetFiles(JobScene.row("bare").key)
        try await scene.jobs.deleteForeign(JobScene.row("gone").key)
        let end = scene.clock.now().adding(seconds: 1)
        #expect(try await scene.store.removeRequests(of: ["progress-exhaust"], endedBefore: end) == 1)
        #expect(try await scene.store.requests(RequestQuery()).map(\.request.requestID) == ["named"])
        #expect(
            try await scene.text("SELECT string_agg(request_id, ',' ORDER BY request_id) FROM dev_job_run")
                == "gone,named")
        #expect(try await scene.store.forgetRuns(endedBefore: end) == 2)
        #expect(try await scene.text("SELECT count(*) FROM dev_job_run") == "0")
        try await scene.end()
    }

    @Test func `rows of programs whose datasets we do not serve are never removed`() async throws {
        let scene = try await PostgresScene()
        // Ours by its id, ours by an alias, somebody else's, and one without a dataset.
        for (id, job) in [
            ("ours", "progress-exhaust"), ("alias", "userinfo-exhaust"), ("druid", "druid-dataset"), ("none", nil),
        ] {
            try await scene.sql(
                """
                INSERT INTO dev_job_request (tag, request_id, job_id, status, dt_job_submitted, dt_job_completed)
                VALUES ('t', $1::text, $2::text, 'SUCCESS', '2001-01-01', '2001-01-02')
                """, [.text(id), PostgresValue(job)])
        }
        let end = scene.clock.now()
        #expect(try await scene.store.removeRequests(of: [], endedBefore: end) == 0)
        let served: Set = ["progress-exhaust", "userinfo-exhaust"]
        #expect(try await scene.store.removeRequests(of: served, endedBefore: end) == 2)
        #expect(
            try await scene.text("SELECT string_agg(request_id, ',' ORDER BY 1) FROM dev_job_request") == "druid,none")
        try await scene.end()
    }

    @Test func `a machine with another master key is refused`() async throws {
        let scene = try await PostgresScene()
        #expect(try await !scene.store.hasRuns())
        try await scene.store.requireSameKey(identity: "a")
        try await scene.store.requireSameKey(identity: "a")
        let error = await failure { try await scene.store.requireSameKey(identity: "b") }
        #expect(error?.code == .refused && error?.remedy.contains("master.key") == true)
        try await scene.jobs.submit("A")
        #expect(try await scene.store.hasRuns())
        try await scene.end()
    }

    @Test func `health tells where the tables are, and how much waits, runs and backs off`() async throws {
        let scene = try await PostgresScene()
        for id in ["A", "B", "C"] { try await scene.jobs.submit(id) }
        _ = try await scene.jobs.leaseNext()
        try await scene.jobs.fail(try await scene.jobs.leaseNext())
        let health = try #require(await scene.store.health().first)
        #expect(health.problem == nil && health.name == "job-store" && health.place.contains("dev_job_request"))
        let queue = ["waiting", "leased", "backing_off"].map { health.figures["requests_\($0)"] }
        #expect(queue == [1, 1, 1] && (health.figures["connections_open"] ?? 0) >= 1)
        await scene.store.close()
        #expect(await scene.store.health().first?.problem?.code == .unavailable)
        try await scene.end()
    }
}
