import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    static let leases: [ConformanceCheck<JobScene>] = [
        .init("nothing is leased where nothing waits") { scene in
            let leased = try await scene.lease()
            let due = try await scene.store.nextDue()
            #expect(leased == nil && due == nil)
        },
        .init("a lease makes the request PROCESSING, held by its worker for 15 seconds") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            #expect(lease.token == LeaseToken(key: JobScene.row("A").key, fencing: 1))
            #expect(lease.request.status == .processing)
            #expect(lease.run.owner == "worker-1")
            #expect(lease.run.leasedUntil == scene.clock.now().adding(seconds: 15))
            #expect(lease.run.firstLeasedAt == scene.clock.now())
            #expect(try await scene.stored("A") == StoredRequest(request: lease.request, run: lease.run))
            #expect(try await scene.lease("worker-2") == nil)
            #expect(try await scene.store.nextDue() == lease.run.leasedUntil)
        },
        .init("a worker for some reports leases only these") { scene in
            try await scene.submit(JobScene.row("A", report: "userinfo-exhaust"))
            try await scene.submit(JobScene.row("B"))
            let lease = try await scene.lease(reports: ["progress-exhaust", "response-exhaust"])
            #expect(lease?.request.requestID == "B")
            #expect(try await scene.lease(reports: ["progress-exhaust"]) == nil)
            #expect(try await scene.lease(reports: ["userinfo-exhaust"])?.request.requestID == "A")
        },
        .init("a heartbeat prolongs the lease and notes progress, for all runs of a worker at once") { scene in
            try await scene.submit("A")
            try await scene.submit("B")
            let first = try await scene.leaseNext()
            let second = try await scene.leaseNext()
            let progress = RunProgress(
                learnersDone: 10, learnersExpected: 30, rows: 9, stretchesDone: 70, stretchesExpected: 128)
            for _ in 0..<5 {
                scene.clock.advance(seconds: 10)
                let answers = try await scene.store.renew(
                    [first, second].map { LeaseRenewal(token: $0.token, progress: progress) })
                #expect(
                    answers
                        == [first, second].map {
                            LeaseAnswer(token: $0.token, isHeld: true, cancelWished: false)
                        })
                #expect(try await scene.lease("worker-2") == nil)
            }
            #expect(try await scene.stored("A").run?.progress == progress)
            #expect(try await scene.store.renew([]) == [])
        },
        .init("what a run notes is there for the next lease") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.store.update(lease.token, .began(dataVersion: "7", sealedRunKey: [1, 2]))
            try await scene.store.update(lease.token, .partKept(RunProgress(learnersDone: 3, learnersExpected: 9)))
            #expect(try await scene.stored("A").run?.progress.learnersDone == 3)
            let progress = RunProgress(learnersDone: 5, learnersExpected: 9, rows: 5)
            try await scene.finishBatch(lease, "b1", bytes: 77, progress: progress)
            let names = [StagedFileName(staging: "s.1", final: "f.zip")]
            try await scene.store.update(lease.token, .publishing(names))
            scene.clock.advance(seconds: 16)
            let next = try await scene.leaseNext("worker-2")
            #expect(next.run.dataVersion == "7" && next.run.sealedRunKey == [1, 2])
            #expect(next.run.progress == progress && next.run.publishing == names)
            #expect(next.run.files.map(\.csvBytes) == [77])
            #expect(next.request.processedBatches.map(\.batchID) == ["b1"])
            #expect(next.run.firstLeasedAt == lease.run.firstLeasedAt)
        },
        .init("a batch that is finished twice counts once, and its file is no longer on its way") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            let path = "progress-exhaust/A/b1_progress_20240131.zip"
            try await scene.store.update(
                lease.token,
                .publishing([StagedFileName(staging: "s.1", final: path), StagedFileName(staging: "t.1", final: "x")]))
            try await scene.finishBatch(lease, "b1", bytes: 5)
            try await scene.finishBatch(lease, "b1", bytes: 6)
            try await scene.finishBatch(lease, "b2", bytes: 7)
            let stored = try await scene.stored("A")
            #expect(stored.request.processedBatches.map(\.fileSize) == [6, 7])
            #expect(stored.run?.files.map(\.csvBytes) == [6, 7])
            #expect(stored.run?.publishing == [StagedFileName(staging: "t.1", final: "x")])
        },
        .init("many workers at once never hold one request together, and none is left out") { scene in
            for number in 0..<40 { try await scene.submit("R\(number)", channel: "org-\(number % 3)") }
            let leases = try await withThrowingTaskGroup(of: [LeasedRequest].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var mine: [LeasedRequest] = []
                        while let lease = try await scene.lease("worker-\(worker)") { mine.append(lease) }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leases.count == 40)
            #expect(Set(leases.map(\.token.key)).count == 40)
            #expect(leases.allSatisfy { $0.token.fencing == 1 })
        },
    ]

    static let lostLeases: [ConformanceCheck<JobScene>] = [
        .init("another worker takes over when a lease has ended, and the old one is refused every write") { scene in
            try await scene.submit("A")
            let old = try await scene.leaseNext()
            scene.clock.advance(seconds: 14.9)
            #expect(try await scene.lease("worker-2") == nil)
            scene.clock.advance(seconds: 0.1)
            let new = try await scene.leaseNext("worker-2")
            #expect(new.token.fencing == 2 && new.run.owner == "worker-2" && new.run.lostLeases == 1)
            #expect(new.request.iteration == 0)
            try await expectRefused(old, scene)
            #expect(try await scene.stored("A") == StoredRequest(request: new.request, run: new.run))
            try await scene.succeed(new)
        },
        .init("a lease that was taken back is refused before anybody has leased again") { scene in
            try await scene.submit("A")
            let old = try await scene.leaseNext()
            scene.clock.advance(seconds: 15)
            #expect(try await scene.lease(reports: ["other"]) == nil)
            #expect(try await scene.status("A") == .submitted)
            try await expectRefused(old, scene)
        },
        .init("a lease past its end that nobody took back can still be renewed") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            scene.clock.advance(seconds: 20)
            let answer = try await scene.store.renew([LeaseRenewal(token: lease.token, progress: .init())])
            #expect(answer.map(\.isHeld) == [true])
            #expect(try await scene.lease("worker-2") == nil)
        },
        .init("an ended lease refuses every write of its worker") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            let done = try await scene.succeed(lease)
            try await expectRefused(lease, scene)
            #expect(try await scene.stored("A") == done)
        },
        .init("three leases lost in a row without a new part fail the request as worker-lost") { scene in
            try await scene.submit("A")
            for _ in 0..<3 {
                _ = try await scene.leaseNext()
                scene.clock.advance(seconds: 15)
            }
            #expect(try await scene.lease() == nil)
            let stored = try await scene.stored("A")
            #expect(stored.request.status == .failed && stored.request.iteration == 1)
            #expect(stored.run?.failure?.code == "worker-lost")
            #expect(stored.request.errorMessage?.hasPrefix("worker-lost") == true)
            scene.clock.advance(seconds: 3600)
            #expect(try await scene.lease() == nil)
        },
        .init("a new part in between begins the count of lost leases anew") { scene in
            try await scene.submit("A")
            for round in 0..<4 {
                let lease = try await scene.leaseNext()
                if round == 2 { try await scene.store.update(lease.token, .partKept(.init(learnersDone: 1))) }
                scene.clock.advance(seconds: 15)
            }
            #expect(try await scene.leaseNext().run.lostLeases == 2)
        },
        .init("a row that another program changed or deleted is a lease that is lost") { scene in
            try await scene.submit("A")
            try await scene.submit("B")
            let first = try await scene.leaseNext()
            let second = try await scene.leaseNext()
            var changed = first.request
            changed.status = .failed
            try await scene.writeForeign(changed)
            try await scene.deleteForeign(second.token.key)
            try await expectRefused(first, scene)
            try await expectRefused(second, scene)
            scene.clock.advance(seconds: 60)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.status("A") == .failed)
            #expect(try await scene.store.request("B", tag: nil) == nil)
        },
        .init("a row that was deleted and submitted again keeps the old worker out") { scene in
            try await scene.submit("A")
            let old = try await scene.leaseNext()
            try await scene.deleteForeign(old.token.key)
            #expect(try await scene.submit("A").effect == .created)
            let new = try await scene.leaseNext("worker-2")
            #expect(new.token.fencing > old.token.fencing)
            try await expectRefused(old, scene)
        },
    ]

    /// Every write under a lease that is not the current one.
    private static func expectRefused(_ lease: LeasedRequest, _ scene: JobScene) async throws {
        let answers = try await scene.store.renew([LeaseRenewal(token: lease.token, progress: .init(rows: 99))])
        #expect(answers == [LeaseAnswer(token: lease.token, isHeld: false, cancelWished: false)])
        let changes: [RunChange] = [
            .began(dataVersion: "x", sealedRunKey: [9]), .partKept(.init(rows: 99)), .publishing([]),
        ]
        for change in changes {
            await scene.expect(.leaseLost) { try await scene.store.update(lease.token, change) }
        }
        await scene.expect(.leaseLost) { try await scene.finishBatch(lease, "late") }
        await scene.expect(.leaseLost) { try await scene.succeed(lease) }
        await scene.expect(.leaseLost) { try await scene.fail(lease) }
        for outcome in [RunOutcome.cancelled, .givenBack(.shutDown)] {
            await scene.expect(.leaseLost) { _ = try await scene.store.finish(lease.token, outcome) }
        }
    }
}
