import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    /// The table is shared with programs that know nothing of leases (design.md 8).
    static let otherPrograms: [ConformanceCheck<JobScene>] = [
        .init("a row that another program is at is left alone, and listed") { scene in
            try await scene.writeForeign(foreign("F", .processing))
            scene.clock.advance(seconds: 86_400)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.store.foreignRuns().map(\.requestID) == ["F"])
            #expect(try await scene.stored("F") == StoredRequest(request: foreign("F", .processing), run: nil))
            await scene.expect(.conflict) { _ = try await scene.store.cancel(foreign("F", .processing).key) }
            try await scene.submit("A")
            _ = try await scene.leaseNext()
            #expect(try await scene.store.foreignRuns().map(\.requestID) == ["F"])
        },
        .init("an adopted row waits, is leased, and keeps the batches that were done") { scene in
            var row = foreign("F", .processing)
            row.processedBatches = [
                ProcessedBatch(channel: "org-7", batchID: "b0", filePath: "p/b0.csv", fileSize: 3),
                ProcessedBatch(channel: "org-7", batchID: "b1", filePath: "p/b1.csv", fileSize: 3),
            ]
            try await scene.writeForeign(row)
            let adopted = try await scene.store.adopt(row.key)
            #expect(adopted.request.status == .submitted && adopted.request.submittedAt == row.submittedAt)
            #expect(try await scene.store.foreignRuns().isEmpty)
            let lease = try await scene.leaseNext()
            #expect(lease.request.processedBatches == row.processedBatches)
            try await scene.finishBatch(lease, "b1")
            let done = try await scene.succeed(lease)
            #expect(done.request.downloadPaths == ["progress-exhaust/F/b1_progress_20240131.zip", "p/b0.zip"])
            #expect(done.request.processedBatches.map(\.batchID) == ["b0", "b1"])
        },
        .init(
            "a row that another program put back with another question begins anew, with the same one it goes on"
        ) {
            scene in
            let changes: [(id: String, config: String?, user: String)] = [
                ("A", nil, "user-9"), ("B", #"{"batchId":"b2"}"#, "user-9"), ("C", nil, "user-8"),
            ]
            for (id, config, user) in changes {
                try await scene.submit(JobScene.row(id), password: "p")
                let lease = try await scene.leaseNext()
                try await scene.finishBatch(lease, "b1")
                var row = try await scene.fail(lease, canPass: false).request
                row.status = .submitted
                row.iteration = 0
                row.requestData = config ?? row.requestData
                row.requestedBy = user
                try await scene.writeForeign(row)
                let again = try await scene.leaseNext()
                #expect(again.token.fencing == lease.token.fencing + 1 && again.run.passwordHash == "p")
                #expect(again.run.files.isEmpty == (id != "A"), "\(id)")
                #expect(again.request.processedBatches.isEmpty == (id != "A"), "\(id)")
                try await scene.succeed(again)
            }
        },
        .init("only what another program left PROCESSING can be adopted") { scene in
            try await scene.submit("A")
            await scene.expect(.conflict) { _ = try await scene.store.adopt(JobScene.row("A").key) }
            let lease = try await scene.leaseNext()
            await scene.expect(.conflict) { _ = try await scene.store.adopt(lease.token.key) }
            try await scene.succeed(lease)
            await scene.expect(.conflict) { _ = try await scene.store.adopt(lease.token.key) }
            await scene.expect(.notFound) { _ = try await scene.store.adopt(JobScene.row("Z").key) }
        },
        .init("a row that another program submitted is leased in its turn") { scene in
            try await scene.submit("A")
            var row = foreign("F", .submitted)
            row.encryptionKey = "pass1234"
            row.iteration = 3
            try await scene.writeForeign(row)
            #expect(try await scene.store.waitingLine()[row.key] == 0)
            let lease = try await scene.leaseNext()
            #expect(lease.request.requestID == "F" && lease.request.encryptionKey == "pass1234")
            #expect(lease.run.fencing == 1)
            let failed = try await scene.fail(lease)
            #expect(failed.request.iteration == 4 && failed.run?.willRetry == false)
        },
        .init("rows that other programs submitted share no run") { scene in
            for (id, key) in [("F", "pass1234"), ("G", "pass1234"), ("H", nil)] {
                var row = foreign(id, .submitted)
                row.requestData = #"{"batchId":"b1"}"#
                row.encryptionKey = key
                try await scene.writeForeign(row)
            }
            try await scene.submit(JobScene.row("I", config: #"{"batchId":"b1"}"#))
            for id in ["F", "G", "H"] { #expect(try await scene.leaseNext().request.requestID == id) }
        },
        .init("a FAILED row of another program is not tried again by itself, but when it is submitted again") { scene in
            try await scene.writeForeign(foreign("F", .failed))
            scene.clock.advance(seconds: 86_400)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.submit("F").effect == .restarted)
            #expect(try await scene.leaseNext().request.requestID == "F")
        },
        .init("the same again leaves another program's running or done row as it is") { scene in
            for (id, status) in [("F", RequestStatus.processing), ("G", .success)] {
                var row = foreign(id, status)
                row.downloadPaths = ["old.zip"]
                row.encryptionKey = "pass1234"
                try await scene.writeForeign(row)
                #expect(try await scene.submit(JobScene.row(id), password: "p").effect == .unchanged)
                #expect(try await scene.stored(id) == StoredRequest(request: row, run: nil))
            }
            await scene.expect(.conflict) { try await scene.submit(JobScene.row("F")) }
        },
        .init("a row of ours that another program took PROCESSING is its own, and can be adopted back") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.fail(lease, canPass: false)
            var taken = try await scene.stored("A").request
            taken.status = .processing
            try await scene.writeForeign(taken)
            #expect(try await scene.store.foreignRuns().map(\.requestID) == ["A"])
            #expect(try await scene.store.adopt(taken.key).run?.fencing == lease.token.fencing)
            #expect(try await scene.leaseNext().token.fencing == lease.token.fencing + 1)
        },
    ]

    private static func foreign(_ id: String, _ status: RequestStatus) -> JobRequest {
        var row = JobScene.row(id)
        row.status = status
        row.submittedAt = Timestamp(milliseconds: 1_600_000_000_000)
        return row
    }
}
