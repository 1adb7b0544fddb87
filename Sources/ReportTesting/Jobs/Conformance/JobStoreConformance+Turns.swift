import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    static let turns: [ConformanceCheck<JobScene>] = [
        .init("the oldest request is first") { scene in
            for id in ["C", "A", "B"] {
                try await scene.submit(id)
                scene.clock.advance(seconds: 1)
            }
            var order: [String] = []
            while let lease = try await scene.lease() { order.append(lease.request.requestID) }
            #expect(order == ["C", "A", "B"])
        },
        .init("channels take turns, however much one of them has asked for before") { scene in
            for number in 1...4 { try await scene.submitLater("A\(number)", "org-a") }
            for number in 1...2 { try await scene.submitLater("B\(number)", "org-b") }
            try await scene.submitLater("C1", "org-c")
            var order: [String] = []
            while let lease = try await scene.lease() { order.append(lease.request.requestID) }
            #expect(order == ["A1", "B1", "C1", "A2", "B2", "A3", "A4"])
        },
        .init("batches finished within the hour count against a channel, older ones do not") { scene in
            try await scene.submitLater("A1", "org-a")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            try await scene.succeed(lease)
            try await scene.submitLater("A2", "org-a")
            try await scene.submitLater("B1", "org-b")
            #expect(try await scene.leaseNext().request.requestID == "B1")
            scene.clock.advance(seconds: 3600)
            // The lease of B1 has ended meanwhile, and both channels have nothing in the last hour.
            #expect(try await scene.leaseNext().request.requestID == "A2")
        },
        .init("the place in line is the order in which requests are then leased") { scene in
            for number in 1...3 { try await scene.submitLater("A\(number)", "org-a") }
            try await scene.submitLater("B1", "org-b")
            var foretold: [Int: String] = [:]
            for row in try await scene.store.requests(RequestQuery()) {
                let place = try #require(try await scene.store.waitingLine()[row.request.key])
                foretold[place] = row.request.requestID
            }
            var order: [String] = []
            while let lease = try await scene.lease() { order.append(lease.request.requestID) }
            #expect(order == (0..<4).map { foretold[$0] })
        },
        .init("what runs, has ended, is in its back-off or is unknown has no place in line") { scene in
            try await scene.submitLater("A", "org-a")
            let lease = try await scene.leaseNext()
            try await scene.submitLater("B", "org-a")
            #expect(try await scene.store.waitingLine()[lease.token.key] == nil)
            #expect(try await scene.store.waitingLine()[JobScene.row("B", channel: "org-a").key] == 0)
            try await scene.fail(lease)
            #expect(try await scene.store.waitingLine()[lease.token.key] == nil)
            #expect(try await scene.store.waitingLine()[JobScene.row("Z").key] == nil)
            scene.clock.advance(seconds: 600)
            #expect(try await scene.store.waitingLine()[lease.token.key] == 0)
            #expect(try await scene.store.waitingLine()[JobScene.row("B", channel: "org-a").key] == 1)
        },
    ]

    static let limits: [ConformanceCheck<JobScene>] = [
        .init("a channel that has had its batches waits while another one waits, and else goes on") { scene in
            let limits = ThrottleLimits(batchesPerChannel: 2)
            try await scene.submitLater("A1", "org-a")
            let lease = try #require(try await scene.lease(throttle: limits))
            for batch in ["b1", "b2"] { try await scene.finishBatch(lease, batch) }
            try await scene.succeed(lease)
            try await scene.submitLater("A2", "org-a")
            for number in 1...3 { try await scene.submitLater("B\(number)", "org-b") }
            var order: [String] = []
            while let next = try await scene.lease(throttle: limits) { order.append(next.request.requestID) }
            #expect(order == ["B1", "B2", "B3", "A2"])
        },
        .init("a channel that has had its bytes waits while another one waits") { scene in
            let limits = ThrottleLimits(bytesPerChannel: 100)
            try await scene.submitLater("A1", "org-a")
            try await scene.submitLater("B0", "org-b")
            let lease = try #require(try await scene.lease(throttle: limits))
            try await scene.finishBatch(lease, "b1", bytes: 100)
            try await scene.succeed(lease)
            // By batches alone A2 would be next: B has finished two of them, of few bytes.
            let other = try #require(try await scene.lease(throttle: limits))
            for batch in ["b1", "b2"] { try await scene.finishBatch(other, batch, bytes: 1) }
            try await scene.succeed(other)
            try await scene.submitLater("A2", "org-a")
            try await scene.submitLater("B1", "org-b")
            #expect(try await scene.lease(throttle: limits)?.request.requestID == "B1")
        },
        .init("a heartbeat tells a run over its limits to yield to another channel, and to no one else") { scene in
            let limits = ThrottleLimits(batchesPerChannel: 1)
            try await scene.submitLater("A1", "org-a")
            let lease = try #require(try await scene.lease(throttle: limits))
            func mustYield(reports: Set<String> = []) async throws -> Bool {
                let renewal = LeaseRenewal(token: lease.token, progress: .init(), throttle: limits, reports: reports)
                let answers = try await scene.store.renew([renewal])
                return answers.map(\.mustYield) == [true]
            }
            try await scene.submitLater("B1", "org-b")
            #expect(try await mustYield() == false)
            try await scene.finishBatch(lease, "b1")
            #expect(try await mustYield())
            #expect(try await mustYield(reports: ["response-exhaust"]) == false)
            _ = try await scene.store.cancel(JobScene.row("B1", channel: "org-b").key)
            try await scene.submitLater("A2", "org-a")
            #expect(try await mustYield() == false)
            scene.clock.advance(seconds: 10)
            try await scene.submitLater("B2", "org-b")
            #expect(try await mustYield())
            _ = try await scene.store.finish(lease.token, .givenBack(.throttled))
            #expect(try await scene.lease(throttle: limits)?.request.requestID == "B2")
        },
        .init("limits count over a rolling hour") { scene in
            let limits = ThrottleLimits(batchesPerChannel: 1)
            try await scene.submitLater("A1", "org-a")
            let lease = try #require(try await scene.lease(throttle: limits))
            try await scene.finishBatch(lease, "b1")
            try await scene.succeed(lease)
            try await scene.submitLater("A2", "org-a")
            try await scene.submitLater("B1", "org-b")
            scene.clock.advance(seconds: 3600)
            #expect(try await scene.lease(throttle: limits)?.request.requestID == "A2")
        },
    ]
}

extension JobScene {
    /// Submits, and lets a second pass.
    func submitLater(_ id: String, _ channel: String) async throws {
        try await submit(id, channel: channel)
        clock.advance(seconds: 1)
    }
}
