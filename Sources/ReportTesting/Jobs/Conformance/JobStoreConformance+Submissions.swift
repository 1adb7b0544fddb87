import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    static let submissions: [ConformanceCheck<JobScene>] = [
        .init("a submission is a new row, SUBMITTED at the store's time") { scene in
            let answer = try await scene.submit(JobScene.row("A"), password: "secret", layout: .sunbird)
            #expect(answer.effect == .created)
            let stored = try await scene.stored("A")
            #expect(stored.request.status == .submitted && stored.request.iteration == 0)
            #expect(stored.request.submittedAt == scene.clock.now())
            #expect(stored.request.encryptionKey == nil)
            #expect(stored.run?.layout == .sunbird && stored.run?.passwordHash == "secret")
            #expect(stored.run?.sealedPassword == Array("secret".utf8))
            #expect(stored == StoredRequest(request: answer.request, run: answer.run))
        },
        .init("every column and field comes back as it went in") { scene in
            var foreign = JobScene.row("F", config: #"{"batchId":"b\"1","n":1.0}"#)
            foreign.status = .failed
            foreign.submittedAt = Timestamp(milliseconds: 1_664_263_572_845)
            foreign.downloadPaths = ["a/b,c.zip", "d\"e.zip", "ü.zip"]
            foreign.fileCreatedAt = Timestamp(milliseconds: 1)
            foreign.completedAt = Timestamp(milliseconds: 1_664_265_740_728)
            foreign.executionMilliseconds = 29_872
            foreign.errorMessage = "No data found"
            foreign.iteration = 2
            foreign.encryptionKey = "pass1234"
            foreign.batchNumber = 3
            foreign.processedBatches = [ProcessedBatch(channel: "c", batchID: "b", filePath: "p.csv", fileSize: 20_480)]
            try await scene.writeForeign(foreign)
            #expect(try await scene.stored("F") == StoredRequest(request: foreign, run: nil))
        },
        .init("an unknown id gives nothing, and an id is found under its tag or under any") { scene in
            try await scene.submit(JobScene.row("A", tag: "one"))
            scene.clock.advance(seconds: 1)
            try await scene.submit(JobScene.row("A", tag: "two"))
            #expect(try await scene.store.request("B", tag: nil) == nil)
            #expect(try await scene.store.request("A", tag: "three:org-7") == nil)
            #expect(try await scene.store.request("A", tag: "two:org-7")?.request.tag == "two:org-7")
            #expect(try await scene.store.request("A", tag: nil)?.request.tag == "one:org-7")
        },
        .init("requests are listed newest first, by tag, channel and status, up to the limit") { scene in
            for (place, id) in ["A", "B", "C", "D"].enumerated() {
                try await scene.submit(JobScene.row(id, channel: place < 3 ? "org-7" : "org-8"))
                scene.clock.advance(seconds: 1)
            }
            _ = try await scene.store.cancel(JobScene.row("B").key)
            func ids(_ query: RequestQuery) async throws -> [String] {
                try await scene.store.requests(query).map(\.request.requestID)
            }
            #expect(try await ids(RequestQuery()) == ["D", "C", "B", "A"])
            #expect(try await ids(RequestQuery(limit: 2)) == ["D", "C"])
            #expect(try await ids(RequestQuery(limit: 0)) == [])
            #expect(try await ids(RequestQuery(tag: "tag:org-7")) == ["C", "B", "A"])
            #expect(try await ids(RequestQuery(channel: "org-8")) == ["D"])
            #expect(try await ids(RequestQuery(channel: "org-7", statuses: [.submitted])) == ["C", "A"])
            #expect(try await ids(RequestQuery(statuses: [.cancelled, .success])) == ["B"])
        },
        .init("a list goes on behind a place, whatever became of the row that stood there") { scene in
            for (seconds, ids) in [(0.0, ["D", "E"]), (1, ["C"]), (1, ["A", "B"])] {
                scene.clock.advance(seconds: seconds)
                for id in ids { try await scene.submit(id) }
            }
            func ids(after row: JobRequest, channel: String? = nil, limit: Int = 2) async throws -> [String] {
                let query = RequestQuery(channel: channel, after: RequestPlace(of: row), limit: limit)
                return try await scene.store.requests(query).map(\.request.requestID)
            }
            var listed = try await scene.store.requests(RequestQuery(limit: 2)).map(\.request.requestID)
            while let last = listed.last {
                let more = try await ids(after: try await scene.stored(last).request)
                if more.isEmpty { break }
                listed += more
            }
            #expect(listed == ["A", "B", "C", "D", "E"])
            let place = try await scene.stored("B").request
            #expect(try await ids(after: place, channel: "org-7", limit: 9) == ["C", "D", "E"])
            #expect(try await ids(after: place, channel: "org-8") == [])
            _ = try await scene.store.cancel(place.key)
            scene.clock.advance(seconds: 1)
            try await scene.submit("B")
            #expect(try await ids(after: place) == ["C", "D"])
            #expect(try await scene.store.count(RequestQuery(after: RequestPlace(of: place))) == 5)
        },
        .init("requests submitted at one moment have an order all the same") { scene in
            for id in ["B", "C", "A"] { try await scene.submit(id) }
            let ids = try await scene.store.requests(RequestQuery()).map(\.request.requestID)
            #expect(ids == ["A", "B", "C"])
            #expect(try await scene.leaseNext().request.requestID == "A")
        },
    ]

    static let resubmissions: [ConformanceCheck<JobScene>] = [
        .init("the same again leaves a waiting request as it is, whatever the order of members") { scene in
            try await scene.submit(JobScene.row("A", config: #"{"batchId":"b1","x":1.0}"#))
            let before = try await scene.stored("A")
            scene.clock.advance(seconds: 5)
            let answer = try await scene.submit(JobScene.row("A", config: #"{ "x": 1, "batchId": "b1" }"#))
            #expect(answer.effect == .unchanged)
            #expect(try await scene.stored("A") == before)
        },
        .init("another password or layout updates a waiting request, which keeps its place") { scene in
            let submitted = try await scene.submit(JobScene.row("A"), password: "old")
            scene.clock.advance(seconds: 5)
            #expect(try await scene.submit(JobScene.row("A"), password: "new").effect == .updated)
            #expect(try await scene.submit(JobScene.row("A"), password: "new", layout: .sunbird).effect == .updated)
            let stored = try await scene.stored("A")
            #expect(stored.request.submittedAt == submitted.request.submittedAt)
            #expect(stored.run?.passwordHash == "new" && stored.run?.layout == .sunbird)
        },
        .init("a running request is unchanged by the same, and refuses another password, layout or config") { scene in
            try await scene.submit(JobScene.row("A"), password: "old")
            let lease = try await scene.leaseNext()
            #expect(try await scene.submit(JobScene.row("A"), password: "old", fresh: true).effect == .unchanged)
            await scene.expect(.conflict) { try await scene.submit(JobScene.row("A"), password: "new") }
            await scene.expect(.conflict) {
                try await scene.submit(JobScene.row("A"), password: "old", layout: .sunbird)
            }
            await scene.expect(.conflict) {
                try await scene.submit(JobScene.row("A", config: #"{"batchId":"z"}"#), password: "old")
            }
            #expect(try await scene.stored("A") == StoredRequest(request: lease.request, run: lease.run))
        },
        .init("a failed request starts again with attempts reset and what is done kept, its texts until then") {
            scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            let failed = try await scene.fail(lease, canPass: false)
            scene.clock.advance(seconds: 5)
            let answer = try await scene.submit("A")
            #expect(answer.effect == .restarted)
            #expect(answer.request.status == .submitted && answer.request.iteration == 0)
            #expect(answer.request.submittedAt == scene.clock.now())
            #expect(answer.request.errorMessage == "it broke")
            #expect(answer.request.completedAt == failed.request.completedAt)
            #expect(answer.request.processedBatches == failed.request.processedBatches)
            #expect(answer.run?.files.count == 1 && answer.run?.failure == nil)
            let again = try await scene.leaseNext()
            #expect(again.request.errorMessage == nil && again.request.completedAt == nil)
            #expect(again.request.executionMilliseconds == nil)
            #expect(again.token.fencing == lease.token.fencing + 1)
        },
        .init("a failed request asked for with another password is made from nothing") { scene in
            try await scene.submit(JobScene.row("A"), password: "old")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            try await scene.fail(lease)
            let answer = try await scene.submit(JobScene.row("A"), password: "new")
            #expect(answer.effect == .restarted)
            #expect(answer.request.processedBatches.isEmpty && answer.run?.files.isEmpty == true)
            #expect(answer.run?.willRetry == false && answer.run?.notBefore == nil)
            #expect(answer.run?.fencing == lease.token.fencing)
        },
        .init("a done request stays done unless it is asked for anew or differently; its old file stays") { scene in
            try await scene.submit(JobScene.row("A"), password: "old")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            let done = try await scene.succeed(lease)
            #expect(try await scene.submit(JobScene.row("A"), password: "old").effect == .unchanged)
            let fresh = try await scene.submit(JobScene.row("A"), password: "old", fresh: true)
            #expect(fresh.effect == .restarted)
            #expect(fresh.request.downloadPaths == done.request.downloadPaths)
            #expect(fresh.request.processedBatches.isEmpty && fresh.run?.files.isEmpty == true)
            #expect(fresh.run?.freshSince == scene.clock.now())
            // What is known of the old file stays known as long as the row names it.
            #expect(
                fresh.run?.receipt == done.run?.receipt
                    && fresh.run?.earlierFiles.map(\.csvBytes) == done.run?.files.map(\.csvBytes))
            #expect(try await scene.stored("A").run?.earlierFiles == done.run?.files && done.run?.files.count == 1)
            let again = try await scene.leaseNext()
            try await scene.finishBatch(again, "b2")
            let redone = try await scene.succeed(again)
            #expect(redone.request.downloadPaths == ["progress-exhaust/A/b2_progress_20240131.zip"])
            #expect(redone.run?.files.count == 1 && redone.run?.earlierFiles == [])
            #expect(try await scene.submit(JobScene.row("A"), password: "new").effect == .restarted)
        },
        .init("a cancelled request, and a done one whose files have expired, start again") { scene in
            try await scene.submit("A")
            _ = try await scene.store.cancel(JobScene.row("A").key)
            #expect(try await scene.submit("A").effect == .restarted)
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            try await scene.succeed(lease)
            try await scene.store.forgetFiles(lease.token.key)
            #expect(try await scene.submit("A").effect == .restarted)
        },
    ]
}
