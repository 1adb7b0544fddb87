import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    static let sharing: [ConformanceCheck<JobScene>] = [
        .init("equal requests share one run: the others wait for it and take its outcome over") { scene in
            let config = #"{"batchId":"b1"}"#
            for id in ["A", "B", "C"] { try await scene.submit(JobScene.row(id, config: config), password: "p") }
            let leader = try await scene.leaseNext()
            #expect(try await scene.lease("worker-2") == nil)
            #expect(try await scene.store.waitingLine()[JobScene.row("B").key] == 0)
            try await scene.finishBatch(leader, "b1")
            let done = try await scene.succeed(leader)
            for id in ["B", "C"] {
                let follower = try await scene.stored(id)
                #expect(follower.request.status == .success && follower.request.iteration == 0)
                #expect(follower.request.downloadPaths == done.request.downloadPaths)
                #expect(follower.request.processedBatches == done.request.processedBatches)
                #expect(follower.request.completedAt == done.request.completedAt)
                #expect(follower.request.executionMilliseconds == 42)
                #expect(follower.run?.receipt == done.run?.receipt && follower.run?.files == done.run?.files)
                #expect(follower.run?.sharedWith == leader.token.key && follower.run?.sealedPassword == nil)
            }
            #expect(done.run?.sharedWith == nil)
            #expect(try await scene.lease() == nil)
        },
        .init("spacing and order of members do not keep requests from sharing, nor does the tag") { scene in
            try await scene.submit(JobScene.row("A", config: #"{"batchId":"b1","n":1}"#, tag: "one"))
            try await scene.submit(JobScene.row("B", config: #"{"n": 1.0, "batchId": "b1"}"#, tag: "two"))
            let leader = try await scene.leaseNext()
            try await scene.succeed(leader)
            #expect(try await scene.status("A") == .success)
            #expect(try await scene.status("B") == .success)
        },
        .init("a configuration of 100 KB is leased and shared like any other, whoever submitted it") { scene in
            // Random, so that no store can make it short.
            var random = SeededRandom(seed: 1)
            let batches = (0..<4_000).map { _ in #""do_\#(String(random.next(), radix: 16))12345""# }
            let config = #"{"searchFilter":{"filters":{"identifier":[\#(batches.joined(separator: ","))]}}}"#
            #expect(config.utf8.count > 100_000)
            var row = JobScene.row("F", config: config)
            row.status = .submitted
            try await scene.writeForeign(row)
            #expect(try await scene.leaseNext().request.requestData == config)
            for id in ["A", "B"] { try await scene.submit(JobScene.row(id, by: "user-8", config: config)) }
            let leader = try await scene.leaseNext()
            #expect(try await scene.lease("worker-2") == nil)
            try await scene.succeed(leader)
            #expect(try await scene.status("B") == .success)
        },
        .init("requests that differ in report, config, layout, channel, requester or password do not share") { scene in
            let config = #"{"batchId":"b1"}"#
            try await scene.submit(JobScene.row("A", config: config), password: "p", layout: .documented)
            let others: [(JobRequest, String, ReportLayout?)] = [
                (JobScene.row("B", report: "response-exhaust", config: config), "p", .documented),
                (JobScene.row("C", config: #"{"batchId":"b2"}"#), "p", .documented),
                (JobScene.row("D", config: config), "p", .sunbird),
                (JobScene.row("E", channel: "org-8", config: config), "p", .documented),
                (JobScene.row("F", by: "user-8", config: config), "p", .documented),
                (JobScene.row("G", config: config), "q", .documented),
                (JobScene.row("H", config: config), "", .documented),
                (JobScene.row("I", config: #"{"batchId":"b1","mode":"x"}"#), "p", .documented),
            ]
            for (row, password, layout) in others {
                try await scene.submit(row, password: password, layout: layout)
            }
            var leases = 0
            while try await scene.lease() != nil { leases += 1 }
            #expect(leases == 9)
        },
        .init("a leader that fails or is cancelled leaves the others to their own turn") { scene in
            let config = #"{"batchId":"b1"}"#
            for id in ["A", "B", "C"] { try await scene.submit(JobScene.row(id, config: config)) }
            let first = try await scene.leaseNext()
            try await scene.fail(first, canPass: false)
            #expect(try await scene.status("B") == .submitted)
            let second = try await scene.leaseNext()
            #expect(second.request.requestID == "B")
            _ = try await scene.store.finish(second.token, .cancelled)
            let third = try await scene.leaseNext()
            #expect(third.request.requestID == "C")
            try await scene.succeed(third)
            #expect(try await scene.status("A") == .failed)
            #expect(try await scene.status("B") == .cancelled)
        },
        .init("a request in its back-off takes over what another run brings meanwhile") { scene in
            let config = #"{"batchId":"b1"}"#
            try await scene.submit(JobScene.row("A", config: config))
            try await scene.submit(JobScene.row("B", config: config))
            try await scene.fail(try await scene.leaseNext())
            let second = try await scene.leaseNext()
            try await scene.succeed(second)
            let first = try await scene.stored("A")
            #expect(first.request.status == .success && first.run?.willRetry == false)
            #expect(first.request.errorMessage == nil && first.run?.sharedWith == second.token.key)
        },
        .init("a fresh request does not follow a run that was leased before it was asked for") { scene in
            let config = #"{"batchId":"b1"}"#
            try await scene.submit(JobScene.row("A", config: config))
            let leader = try await scene.leaseNext()
            scene.clock.advance(seconds: 1)
            try await scene.submit(JobScene.row("B", config: config), fresh: true)
            let own = try await scene.leaseNext()
            #expect(own.request.requestID == "B")
            scene.clock.advance(seconds: 1)
            try await scene.submit(JobScene.row("C", config: config), fresh: true)
            try await scene.submit(JobScene.row("D", config: config))
            try await scene.succeed(leader)
            #expect(try await scene.status("B") == .processing)
            #expect(try await scene.status("C") == .submitted)
            #expect(try await scene.status("D") == .success)
            try await scene.succeed(own)
            #expect(try await scene.status("C") == .submitted)
            #expect(try await scene.leaseNext().request.requestID == "C")
        },
        .init("a waiting request that is asked for anew makes a run of its own") { scene in
            let config = #"{"batchId":"b1"}"#
            try await scene.submit(JobScene.row("A", config: config))
            try await scene.submit(JobScene.row("B", config: config))
            _ = try await scene.leaseNext()
            scene.clock.advance(seconds: 1)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.submit(JobScene.row("B", config: config), fresh: true).effect == .updated)
            #expect(try await scene.leaseNext().request.requestID == "B")
        },
        .init("a waiting request follows its leader through a lost lease") { scene in
            let config = #"{"batchId":"b1"}"#
            try await scene.submit(JobScene.row("A", config: config))
            scene.clock.advance(seconds: 1)
            try await scene.submit(JobScene.row("B", config: config))
            _ = try await scene.leaseNext()
            scene.clock.advance(seconds: 15)
            let again = try await scene.leaseNext("worker-2")
            #expect(again.request.requestID == "A")
            #expect(try await scene.lease() == nil)
            try await scene.succeed(again)
            #expect(try await scene.status("B") == .success)
        },
    ]
}
