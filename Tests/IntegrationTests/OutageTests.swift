import Glibc
import HTTPClient
import HTTPMessages
import ReportModel
import ServiceTesting
import Testing

extension TheProgram {
    /// What becomes of a run when one of a deployment's stores is away for a while: nothing is lost, nothing is done twice,
    /// and whoever looks sees why it takes so long.
    @Suite(.needsDeployment, .timeLimit(.minutes(5))) struct Outages {
        /// A report of 30 parts, of which some are done when the trouble begins.
        private static let learners = 1_500
        private static let settings = [
            "EXHAUST_PARTS_INMEMORYLEARNERS": "0", "EXHAUST_RANGE_LEARNERS": "50", "EXHAUST_WORK_POLLSECONDS": "0.5",
        ]

        /// Files a request and waits until a worker has made so many parts of it.
        private static func begun(_ deployment: MixedDeployment, parts: Int = 5) async throws -> String {
            let watch = try FolderWatch("\(deployment.bucket.folder)/data/\(MixedDeployment.bucketName)/.staging")
            let id = try await deployment.scene.submit("progress-exhaust")
            try await watch.wait { events in
                Set(events.filter { $0.folder.contains("/parts/") && $0.change == .movedIn }.map(\.name)).count
                    >= parts
            }
            return id
        }

        /// The request ended well, with one file that holds what a run without trouble gives.
        private static func expectDone(_ id: String, _ deployment: MixedDeployment) async throws {
            let status = try await deployment.scene.status(id)
            #expect(status["status"]?.text == "SUCCESS", "\(status.compactText)")
            let paths = (status["files"]?.elements ?? []).compactMap { $0["path"]?.text }
            #expect(paths.count == 1 && deployment.published() == paths)
            let plain = try await deployment.scene.csv("progress-exhaust")
            #expect(try await deployment.file(try #require(paths.first), holds: plain))
        }

        @Test func `Redis is stopped for twenty seconds while profiles are read`() async throws {
            // Two attempts fail within the twenty seconds at the most, so that the third is after them.
            try await MixedDeployment.using(
                learners: Self.learners,
                settings: Self.settings.merging(["EXHAUST_PROFILES_REDIS_RETRYSECONDS": "3"]) { $1 }
            ) { deployment in
                try await deployment.working { worker, base in
                    #expect(try await deployment.isUp("profiles", at: base) == true)
                    let id = try await Self.begun(deployment)
                    // Held still, so that the run cannot end before.
                    worker.send(SIGSTOP)
                    try await deployment.redis.stop()
                    worker.send(SIGCONT)
                    let stopped = ContinuousClock.now
                    try await worker.line { $0.contains("run-ended") && $0.contains(#""status":"FAILED""#) }
                    let status = try await deployment.scene.status(id)
                    #expect(status["willRetry"]?.bool == true && status["errorCode"]?.text == "unavailable")
                    #expect(status["error"]?.text?.contains("Redis \(deployment.redis.address): ") == true)
                    #expect(try await deployment.isUp("profiles", at: base) == false)
                    let metrics = try await deployment.send(.get, base + "/metrics").text
                    #expect(
                        metrics.contains(#"exhaust_run_failures_total{report="progress-exhaust",code="unavailable"} "#))
                    try await deployment.redis.start(at: stopped + .seconds(20))
                    try await worker.line { $0.contains("run-ended") && $0.contains(#""status":"SUCCESS""#) }
                    #expect(try await deployment.isUp("profiles", at: base) == true)
                    try await Self.expectDone(id, deployment)
                }
            }
        }

        /// What goes wrong, request by request: while the file begins, while it goes up, while it is published.
        @Test(arguments: [
            "500*9", "ok*2,cut*6,late*3,half", "ok*4,late*12", "ok*2,500*3,late,ok,cut*2,ok,late*2,500*8,half*2,late*4",
        ])
        func `the bucket answers 500 and cuts connections while a file is published`(plan: String) async throws {
            try await MixedDeployment.using { deployment in
                let proxy = try deployment.scene.start(
                    "python3",
                    [
                        Programs.tool("faulty_proxy.py"), String(deployment.bucket.address.dropFirst("http://".count)),
                        plan,
                    ])
                let line = try await proxy.line { $0.hasPrefix("listening ") }
                let scene = try deployment.scene.with([
                    "EXHAUST_FILES_S3_ENDPOINT": "http://" + line.dropFirst("listening ".count),
                    "EXHAUST_RETRY_BASESECONDS": "1", "EXHAUST_RETRY_ATTEMPTS": "10",
                ])
                let id = try await scene.submit("progress-exhaust")
                // Without probes, which would take their share of the plan.
                try await scene.running("work") { worker in
                    while true {
                        let status = try await deployment.scene.status(id)
                        if status["status"]?.text == "SUCCESS" { break }
                        guard let error = status["error"]?.text else { continue }
                        #expect(
                            error.contains("bucket \(MixedDeployment.bucketName)") || error.contains("127.0.0.1"),
                            "\(error)"
                        )
                        #expect(status["errorCode"]?.text == "unavailable" || status["errorCode"]?.text == "notFound")
                    }
                    worker.send(SIGTERM)
                    #expect(await worker.outcome().status == 0)
                }
                proxy.send(SIGTERM)
                let asked = await proxy.outcome().text.split(separator: "\n").dropFirst()
                #expect(asked.contains { !$0.hasPrefix("ok ") })
                try await Self.expectDone(id, deployment)
            }
        }

        @Test func `a bucket in trouble is told of by status, readiness and metrics`() async throws {
            try await MixedDeployment.using(settings: ["EXHAUST_FILES_S3_ATTEMPTS": "1"]) { deployment in
                try await deployment.working { worker, base in
                    #expect(try await deployment.isUp("bucket", at: base) == true)
                    try await deployment.bucket.stop()
                    let id = try await deployment.scene.submit("progress-exhaust")
                    try await worker.line { $0.contains("run-ended") && $0.contains(#""status":"FAILED""#) }
                    #expect(try await deployment.isUp("bucket", at: base) == false)
                    #expect(try await deployment.scene.status(id)["errorCode"]?.text == "unavailable")
                    try await deployment.bucket.start()
                    try await worker.line { $0.contains("run-ended") && $0.contains(#""status":"SUCCESS""#) }
                    try await Self.expectDone(id, deployment)
                }
            }
        }

        @Test func `a server takes requests while what only runs need is out, and says what is`() async throws {
            try await MixedDeployment.using(settings: ["EXHAUST_ACCESS_DEMO": "true"]) { deployment in
                try await deployment.serving { base, _ in
                    func ready() async throws -> (status: Int, text: String) {
                        let answer = try await deployment.send(.get, base + "/ready")
                        return (answer.status, answer.text)
                    }
                    #expect(try await ready().text.hasPrefix(#"{"status":"ready","#))
                    try await deployment.bucket.stop()
                    // Says nothing, which is worse than to refuse: the answer has to come before those give up who ask.
                    try await deployment.redis.run("freeze")
                    #expect(try await deployment.scene.exhaust("health", "--ready", "--address", base).status == 0)
                    let degraded = try await ready()
                    #expect(degraded.status == 200, "\(degraded.text)")
                    #expect(degraded.text.hasPrefix(#"{"status":"degraded","#), "\(degraded.text)")
                    for part in ["jobs", "audit", "catalogue"] { #expect(degraded.text.contains("\"\(part)\":\"up\"")) }
                    for part in ["files", "bucket", "profiles"] {
                        #expect(degraded.text.contains("\"\(part)\":\"unavailable\""), "\(degraded.text)")
                    }
                    let body = JSONValue.members(
                        ("report", .string("progress-exhaust")), ("batchId", .string(Scene.batch)),
                        ("password", .string(Scene.password + " and more"))
                    ).compactText
                    let submitted = try await deployment.send(
                        .post, base + "/v1/requests", body, fields: ["Origin": base])
                    #expect((200..<300).contains(submitted.status), "\(submitted.text)")
                }
                try await deployment.working { _, base in
                    let answer = try await deployment.send(.get, base + "/ready")
                    #expect(answer.status == 503 && answer.text.hasPrefix(#"{"status":"unready","#), "\(answer.text)")
                }
            }
        }

        @Test func `the content search says nothing`() async throws {
            try await MixedDeployment.using(settings: [
                "EXHAUST_SERVICES_SECONDS": "1", "EXHAUST_SERVICES_ATTEMPTS": "5", "EXHAUST_RETRY_BASESECONDS": "2",
                "EXHAUST_RETRY_ATTEMPTS": "20",
            ]) { deployment in
                try await deployment.working { worker, base in
                    let id = try await deployment.scene.submit("progress-exhaust")
                    try await worker.line { $0.contains(id) && $0.contains("run-ended") }
                    // Filed while the search still answers, since who files asks it too.
                    worker.send(SIGSTOP)
                    let second = try await deployment.scene.submit("response-exhaust")
                    deployment.services.silenceSearch(true)
                    worker.send(SIGCONT)
                    try await worker.line { $0.contains(second) && $0.contains("run-ended") }
                    let status = try await deployment.scene.status(second)
                    #expect(status["willRetry"]?.bool == true && status["errorCode"]?.text == "unavailable")
                    #expect(status["error"]?.text?.contains("content search: ") == true)
                    #expect(try await deployment.isUp("content-search", check: "services", at: base) == false)
                    // Five failures in a row are enough.
                    let alone = #"exhaust_server_left_alone{server="\#(deployment.services.address)"} 1"#
                    #expect(try await deployment.send(.get, base + "/metrics").text.contains(alone))
                    deployment.services.silenceSearch(false)
                    try await worker.line {
                        $0.contains(second) && $0.contains("run-ended") && $0.contains(#""status":"SUCCESS""#)
                    }
                    #expect(try await deployment.isUp("content-search", check: "services", at: base) == true)
                    #expect(!(try await deployment.send(.get, base + "/metrics").text.contains(alone)))
                    #expect(deployment.published().count == 2)
                }
            }
        }

        @Test func `PostgreSQL is restarted while a run is under way`() async throws {
            try await OwnServer.using(.postgres) { database in
                try await MixedDeployment.using(
                    learners: Self.learners,
                    settings: Self.settings.merging([
                        "EXHAUST_POSTGRES_RETRYSECONDS": "120", "EXHAUST_LEASE_SECONDS": "120",
                    ]) { $1 }, database: database.address
                ) { deployment in
                    try await deployment.working { worker, base in
                        let id = try await Self.begun(deployment)
                        // Held still, so that the run cannot end before.
                        worker.send(SIGSTOP)
                        try await database.stop()
                        worker.send(SIGCONT)
                        #expect(try await deployment.isUp("job-store", check: "jobs", at: base) == false)
                        let away = try await deployment.scene.with(["EXHAUST_POSTGRES_RETRYSECONDS": "0"]).exhaust(
                            "status", id)
                        #expect(away.status == 1 && away.errors.contains("it does not answer"), "\(away.errors)")
                        try await database.start()
                        let ended = try await worker.line { $0.contains("run-ended") }
                        #expect(ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":1"#), "\(ended)")
                        #expect(try await deployment.isUp("job-store", check: "jobs", at: base) == true)
                        try await Self.expectDone(id, deployment)
                    }
                }
            }
        }

        @Test func `a worker is killed, and one of another machine goes on`() async throws {
            try await MixedDeployment.using(
                learners: Self.learners,
                settings: Self.settings.merging(
                    ["EXHAUST_LEASE_SECONDS": "2", "EXHAUST_LEASE_HEARTBEATSECONDS": "0.5"]) { $1 }
            ) { deployment in
                let id = try await deployment.scene.running("work") { killed in
                    let id = try await Self.begun(deployment)
                    killed.send(SIGKILL)
                    #expect(!(await killed.outcome().errors.contains("run-ended")))
                    return id
                }
                let machine = try await deployment.anotherMachine()
                try await deployment.working(of: machine) { worker, _ in
                    let ended = try await worker.line { $0.contains(id) && $0.contains("run-ended") }
                    #expect(ended.contains(#""status":"SUCCESS""#) && ended.contains(#""fencing":2"#), "\(ended)")
                }
                try await Self.expectDone(id, deployment)
                let left = Folder.files(
                    below: "\(deployment.bucket.folder)/data/\(MixedDeployment.bucketName)", hidden: true)
                #expect(!left.contains { $0.contains("/parts/") }, "\(left)")
            }
        }
    }
}
