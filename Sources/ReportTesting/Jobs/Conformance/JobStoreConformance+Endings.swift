import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    static let endings: [ConformanceCheck<JobScene>] = [
        .init("a success names the files, keeps the receipt and forgets every secret") { scene in
            try await scene.submit(JobScene.row("A"), password: "secret")
            let lease = try await scene.leaseNext()
            try await scene.store.update(lease.token, .began(dataVersion: nil, sealedRunKey: [1]))
            try await scene.finishBatch(lease, "b1")
            try await scene.finishBatch(lease, "b2")
            scene.clock.advance(seconds: 3)
            let done = try await scene.succeed(lease)
            #expect(done == (try await scene.stored("A")))
            #expect(done.request.status == .success)
            #expect(
                done.request.downloadPaths == ["b1", "b2"].map { "progress-exhaust/A/\($0)_progress_20240131.zip" })
            #expect(done.request.processedBatches.count == 2)
            #expect(done.request.completedAt == scene.clock.now() && done.request.executionMilliseconds == 42)
            #expect(done.request.errorMessage == nil && done.request.fileCreatedAt == nil)
            #expect(done.run?.receipt == #"{"rows":1}"#)
            #expect(done.run?.sealedPassword == nil && done.run?.sealedRunKey == nil && done.run?.owner == nil)
            #expect(try await scene.store.nextDue() == nil)
        },
        .init("a failure that can pass is tried again after a back-off that grows, three times in all") { scene in
            try await scene.submit(JobScene.row("A"), password: "secret")
            for attempt in 1...3 {
                let lease = try await scene.leaseNext()
                if attempt == 1 { try await scene.finishBatch(lease, "b1") }
                #expect(lease.run.sealedPassword == Array("secret".utf8))
                let failed = try await scene.fail(lease)
                #expect(failed.request.status == .failed && failed.request.iteration == attempt)
                #expect(failed.request.errorMessage == "it broke")
                #expect(failed.request.completedAt == scene.clock.now() && failed.request.executionMilliseconds == 7)
                #expect(failed.run?.failure?.remedy == "Wait." && failed.run?.failure?.canPass == true)
                #expect(failed.run?.willRetry == (attempt < 3))
                #expect((failed.run?.sealedPassword != nil) == (attempt < 3))
                #expect(try await scene.lease() == nil)
                guard attempt < 3 else { continue }
                let wait = attempt == 1 ? 7.5 : 15.0
                #expect(try await scene.store.nextDue() == scene.clock.now().adding(seconds: wait))
                scene.clock.advance(seconds: wait - 0.1)
                #expect(try await scene.lease() == nil)
                scene.clock.advance(seconds: 0.1)
            }
            scene.clock.advance(seconds: 86_400)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.stored("A").request.processedBatches.map(\.batchID) == ["b1"])
        },
        .init("what does not answer is waited for without an attempt, for a day") { scene in
            try await scene.submit(JobScene.row("A"), password: "secret")
            let begun = scene.clock.now()
            for hours in [0.0, 1, 3] {
                scene.clock.advance(seconds: begun.adding(seconds: hours * 3_600).seconds(since: scene.clock.now()))
                let failed = try await scene.fail(try await scene.leaseNext(), code: .unavailable)
                #expect(failed.request.status == .failed && failed.request.iteration == 0)
                #expect(failed.request.errorMessage == "it broke" && failed.run?.willRetry == true)
                #expect(failed.run?.sealedPassword != nil)
                let wait = hours == 0 ? 7.5 : hours == 1 ? 270.0 : 450.0
                #expect(try await scene.store.nextDue() == scene.clock.now().adding(seconds: wait))
            }
            scene.clock.advance(seconds: 86_400)
            let counted = try await scene.fail(try await scene.leaseNext(), code: .unavailable)
            #expect(counted.request.iteration == 1 && counted.run?.willRetry == true)
            // Whoever asks again begins a new day.
            try await scene.submit(JobScene.row("A"), password: "secret")
            let again = try await scene.fail(try await scene.leaseNext(), code: .unavailable)
            #expect(again.request.iteration == 0 && again.run?.willRetry == true)
            #expect(try await scene.store.nextDue() == scene.clock.now().adding(seconds: 7.5))
        },
        .init("a failure that cannot pass is not tried again, and keeps no password") { scene in
            try await scene.submit("A")
            try await scene.fail(try await scene.leaseNext(), canPass: false)
            #expect(try await scene.stored("A").run?.sealedPassword == nil)
            scene.clock.advance(seconds: 86_400)
            #expect(try await scene.lease() == nil)
            #expect(try await scene.store.nextDue() == nil)
        },
        .init("a success after a failure clears the error text") { scene in
            try await scene.submit("A")
            try await scene.fail(try await scene.leaseNext())
            scene.clock.advance(seconds: 600)
            let lease = try await scene.leaseNext()
            #expect(lease.request.errorMessage == "it broke")
            let done = try await scene.succeed(lease)
            #expect(done.request.errorMessage == nil && done.run?.failure == nil)
            #expect(done.request.iteration == 1)
        },
        .init("an error text is cut to 300 characters") { scene in
            try await scene.submit("A")
            let text = String(repeating: "ü", count: 400)
            let failed = try await scene.fail(try await scene.leaseNext(), message: text)
            #expect(failed.request.errorMessage == String(repeating: "ü", count: 297) + "...")
            #expect(failed.run?.failure?.message == text)
        },
        .init("a run that is given back waits again, and counts neither as attempt nor as lost") { scene in
            try await scene.submit("A")
            let submitted = try await scene.stored("A").request.submittedAt
            for reason in [RunOutcome.Reason.shutDown, .throttled, .shutDown, .shutDown] {
                scene.clock.advance(seconds: 1)
                let lease = try await scene.leaseNext()
                try await scene.finishBatch(lease, "b1")
                let back = try await scene.store.finish(lease.token, .givenBack(reason))
                #expect(back.request.status == .submitted && back.request.iteration == 0)
                #expect(back.request.submittedAt == submitted && back.request.processedBatches.count == 1)
                #expect(back.run?.owner == nil && back.run?.lostLeases == 0)
            }
            #expect(try await scene.leaseNext().token.fencing == 5)
        },
        .init("files are forgotten with the receipt kept, but not while the request runs") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.finishBatch(lease, "b1")
            await scene.expect(.conflict) { try await scene.store.forgetFiles(lease.token.key) }
            try await scene.succeed(lease)
            try await scene.store.forgetFiles(lease.token.key)
            let stored = try await scene.stored("A")
            #expect(stored.request.status == .success && stored.request.downloadPaths.isEmpty)
            #expect(stored.run?.files.isEmpty == true && stored.run?.receipt != nil)
            await scene.expect(.notFound) { try await scene.store.forgetFiles(JobScene.row("B").key) }
        },
    ]

    static let cancellations: [ConformanceCheck<JobScene>] = [
        .init("a waiting request is cancelled at once") { scene in
            try await scene.submit(JobScene.row("A"), password: "secret")
            let cancelled = try await scene.store.cancel(JobScene.row("A").key)
            #expect(cancelled.request.status == .cancelled)
            #expect(cancelled.request.completedAt == scene.clock.now())
            #expect(cancelled.run?.sealedPassword == nil)
            #expect(cancelled == (try await scene.stored("A")))
            #expect(try await scene.lease() == nil)
        },
        .init("a request in its back-off is cancelled at once, and stays so") { scene in
            try await scene.submit("A")
            try await scene.fail(try await scene.leaseNext())
            #expect(try await scene.store.cancel(JobScene.row("A").key).request.status == .cancelled)
            scene.clock.advance(seconds: 3600)
            #expect(try await scene.lease() == nil)
        },
        .init("a running request is cancelled by a wish that the next heartbeat sees") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            let wished = try await scene.store.cancel(lease.token.key)
            #expect(wished.request.status == .processing && wished.run?.cancelWished == true)
            _ = try await scene.store.cancel(lease.token.key)
            let answers = try await scene.store.renew([LeaseRenewal(token: lease.token, progress: .init())])
            #expect(answers == [LeaseAnswer(token: lease.token, isHeld: true, cancelWished: true)])
            let cancelled = try await scene.store.finish(lease.token, .cancelled)
            #expect(cancelled.request.status == .cancelled && cancelled.run?.cancelWished == false)
        },
        .init("a cancel wish outlives the worker: give-back, failure and lost lease end as CANCELLED") { scene in
            for (id, end) in [("A", 0), ("B", 1), ("C", 2)] {
                try await scene.submit(id)
                let lease = try await scene.leaseNext()
                _ = try await scene.store.cancel(lease.token.key)
                switch end {
                case 0: _ = try await scene.store.finish(lease.token, .givenBack(.shutDown))
                case 1: try await scene.fail(lease)
                default:
                    scene.clock.advance(seconds: 15)
                    #expect(try await scene.lease() == nil)
                }
                #expect(try await scene.status(id) == .cancelled)
            }
        },
        .init("a request whose lease has ended is cancelled at once, with nobody there to see a wish") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            scene.clock.advance(seconds: 15)
            #expect(try await scene.store.cancel(lease.token.key).request.status == .cancelled)
            let answers = try await scene.store.renew([LeaseRenewal(token: lease.token, progress: .init())])
            #expect(answers.map(\.isHeld) == [false])
        },
        .init("work that is done before the wish is seen is a success") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            _ = try await scene.store.cancel(lease.token.key)
            let done = try await scene.succeed(lease)
            #expect(done.request.status == .success && done.run?.cancelWished == false)
        },
        .init("an ended request and an unknown one cannot be cancelled") { scene in
            try await scene.submit("A")
            let lease = try await scene.leaseNext()
            try await scene.succeed(lease)
            await scene.expect(.conflict) { _ = try await scene.store.cancel(lease.token.key) }
            try await scene.submit("B")
            try await scene.fail(try await scene.leaseNext(), canPass: false)
            await scene.expect(.conflict) { _ = try await scene.store.cancel(JobScene.row("B").key) }
            try await scene.submit("C")
            _ = try await scene.store.cancel(JobScene.row("C").key)
            await scene.expect(.conflict) { _ = try await scene.store.cancel(JobScene.row("C").key) }
            await scene.expect(.notFound) { _ = try await scene.store.cancel(JobScene.row("D").key) }
        },
    ]
}
