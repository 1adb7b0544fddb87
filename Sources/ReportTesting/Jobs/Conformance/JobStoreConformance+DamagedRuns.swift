import JobLifecycle
import ReportModel
import ReportPorts
import Testing

extension JobStoreConformance {
    /// A run that cannot be read stops nobody else's.
    static let damagedRuns: [ConformanceCheck<JobScene>] = [
        .init("a request whose run cannot be read is passed over, and taken once it is mended") { scene in
            try await scene.submit("A")
            scene.clock.advance(seconds: 1)
            try await scene.submit("B")
            let key = JobScene.row("A").key
            try await scene.damageRun(key, true)
            let lease = try await scene.leaseNext()
            #expect(lease.request.requestID == "B")
            try await scene.succeed(lease)
            #expect(try await scene.lease() == nil)
            try await scene.damageRun(key, false)
            #expect(try await scene.lease() == nil, "it is not looked at all the time")
            scene.clock.advance(seconds: RowsSetAside.seconds)
            #expect(try await scene.leaseNext().request.requestID == "A")
        },
        .init("a lease that ended and cannot be taken back stops no other") { scene in
            for id in ["A", "B"] {
                try await scene.submit(id)
                _ = try await scene.leaseNext()
            }
            try await scene.damageRun(JobScene.row("A").key, true)
            scene.clock.advance(seconds: 60)
            #expect(try await scene.leaseNext("worker-2").request.requestID == "B")
        },
        .init("who cannot take an outcome over does not keep the leader from its end") { scene in
            let config = #"{"batchId":"b1"}"#
            for id in ["A", "B", "C"] { try await scene.submit(JobScene.row(id, config: config)) }
            try await scene.damageRun(JobScene.row("B").key, true)
            let lease = try await scene.leaseNext()
            #expect(lease.request.requestID == "A")
            try await scene.succeed(lease)
            try await scene.damageRun(JobScene.row("B").key, false)
            for (id, status) in [("A", RequestStatus.success), ("B", .submitted), ("C", .success)] {
                #expect(try await scene.status(id) == status)
            }
        },
    ]
}
