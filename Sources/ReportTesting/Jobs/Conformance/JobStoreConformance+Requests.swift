import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    /// Requests that other programs work on are filed as those programs read them (upstream.md 2.6, 3.2).
    static let requestsForOthers: [ConformanceCheck<JobScene>] = [
        .init("a request for another program has its key in the row and no run") { scene in
            let answer = try await scene.store.submit(forOthers("D", key: "pass1234"))
            #expect(answer.effect == .created && answer.run == nil)
            let stored = try await scene.stored("D")
            #expect(stored.request.encryptionKey == "pass1234" && stored.run == nil)
            #expect(stored.request.status == .submitted && stored.request.submittedAt == scene.clock.now())
            #expect(try await scene.lease(reports: ["progress-exhaust"]) == nil)
        },
        .init("of those only failed ones are filed again, with what the other program keeps in them") { scene in
            _ = try await scene.store.submit(forOthers("D", key: "old"))
            for status: RequestStatus in [.submitted, .processing, .success] {
                var row = try await scene.stored("D").request
                row.status = status
                try await scene.writeForeign(row)
                #expect(try await scene.store.submit(forOthers("D", key: "new")).effect == .unchanged)
                #expect(try await scene.stored("D").request == row)
            }
            var row = try await scene.stored("D").request
            row.status = .failed
            row.iteration = 3
            row.errorMessage = "it broke"
            row.processedBatches = [ProcessedBatch(channel: "org-7", batchID: "b0", filePath: "p.csv", fileSize: 3)]
            try await scene.writeForeign(row)
            scene.clock.advance(seconds: 5)
            let answer = try await scene.store.submit(forOthers("D", key: "new"))
            #expect(answer.effect == .restarted && answer.run == nil)
            #expect(answer.request.status == .submitted && answer.request.iteration == 0)
            #expect(answer.request.encryptionKey == "new" && answer.request.errorMessage == "it broke")
            #expect(answer.request.processedBatches == row.processedBatches)
            #expect(answer.request.submittedAt == scene.clock.now())
        },
    ]

    /// What searches need.
    static let counts: [ConformanceCheck<JobScene>] = [
        .init("requests are found and counted by report and time of submission, too") { scene in
            let start = scene.clock.now()
            for (id, report) in [("A", "progress-exhaust"), ("B", "response-exhaust"), ("C", "progress-exhaust")] {
                try await scene.submit(JobScene.row(id, report: report))
                scene.clock.advance(seconds: 60)
            }
            let store = scene.store
            func found(_ query: RequestQuery) async throws -> [String] {
                try await store.requests(query).map(\.request.requestID)
            }
            #expect(try await found(RequestQuery(report: "progress-exhaust")) == ["C", "A"])
            #expect(try await found(RequestQuery(report: "progress-exhaust", limit: 1)) == ["C"])
            #expect(try await store.count(RequestQuery(report: "progress-exhaust", limit: 1)) == 2)
            let later = start.adding(seconds: 60)
            #expect(try await found(RequestQuery(submitted: start..<later)) == ["A"])
            #expect(try await found(RequestQuery(submitted: later..<later.adding(seconds: 3_600))) == ["C", "B"])
            #expect(try await store.count(RequestQuery(statuses: [.submitted], submitted: start..<later)) == 1)
            #expect(try await store.count(RequestQuery(channel: "org-8")) == 0)
        },
        .init("a tally has every report and state once, with its number and the oldest submission") { scene in
            let store = try #require(scene.store as? any JobTallying)
            #expect(try await store.tally().isEmpty)
            let start = scene.clock.now()
            for (id, report) in [("A", "progress-exhaust"), ("B", "response-exhaust"), ("C", "progress-exhaust")] {
                try await scene.submit(JobScene.row(id, report: report))
                scene.clock.advance(seconds: 60)
            }
            try await scene.succeed(try await scene.leaseNext())
            try await scene.writeForeign(JobScene.row("D", report: "druid-dataset"))
            let found = Dictionary(grouping: try await store.tally()) { "\($0.report) \($0.status.rawValue)" }
            #expect(found.values.allSatisfy { $0.count == 1 })
            let tallies = found.compactMapValues(\.first)
            #expect(
                tallies.mapValues(\.count) == [
                    "progress-exhaust SUCCESS": 1, "progress-exhaust SUBMITTED": 1, "response-exhaust SUBMITTED": 1,
                    "druid-dataset SUBMITTED": 1,
                ])
            #expect(tallies["progress-exhaust SUCCESS"]?.oldest == start)
            #expect(tallies["response-exhaust SUBMITTED"]?.oldest == start.adding(seconds: 60))
        },
    ]

    private static func forOthers(_ id: String, key: String) -> Submission {
        var row = JobScene.row(id, report: "druid-dataset")
        row.encryptionKey = key
        return Submission(request: row, isForOthers: true)
    }
}
