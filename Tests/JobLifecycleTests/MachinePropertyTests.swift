import JobLifecycle
import ReportModel
import ReportTesting
import Testing

@Suite struct MachinePropertyTests {
    /// Any event, sensible or not, with tokens that are mostly right.
    private static func event(_ machine: RequestMachine, _ random: inout SeededRandom) -> RequestEvent {
        let fencing = (machine.run?.fencing ?? 0) - (Int.random(in: 0..<8, using: &random) == 0 ? 1 : 0)
        let token = LeaseToken(key: machine.request.key, fencing: fencing)
        let layouts: [ReportLayout?] = [nil, .sunbird]
        let failure = RunFailure(
            code: "c", message: "m", remedy: "r", mender: .data, canPass: Bool.random(using: &random))
        switch Int.random(in: 0..<18, using: &random) {
        case 0, 1:
            return .resubmitted(
                Submission(
                    request: machine.request, layout: layouts[Int.random(in: 0..<2, using: &random)],
                    isFresh: Bool.random(using: &random)))
        case 2, 3, 4, 5: return .leased(worker: "w", seconds: 15)
        case 6: return .renewed(LeaseRenewal(token: token, progress: .init(rows: 1)))
        case 7: return .changed(token, .partKept(.init(rows: 2)))
        case 8:
            let file = FinishedFile(
                batch: BatchKey(collection: "c", batch: "b"), path: "p.zip", fileBytes: 1, csvBytes: 1, receipt: "{}")
            let batch = ProcessedBatch(channel: "c", batchID: "b", filePath: "p.csv", fileSize: 1)
            return .changed(token, .batchFinished(file, batch, .init()))
        case 9: return .finished(token, .succeeded(receipt: "{}", milliseconds: 1), jitter: 0.5)
        case 10, 11: return .finished(token, .failed(failure, milliseconds: 1), jitter: 0.5)
        case 12: return .finished(token, .givenBack(.throttled), jitter: 0.5)
        case 13: return .leaseExpired
        case 14: return .cancelWished
        case 15: return .backOffOver
        case 16: return .adopted
        default: return .filesForgotten
        }
    }

    @Test(arguments: 0..<20)
    func `no sequence of events leads to a state that is not defined`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var now = Timestamp(milliseconds: 0)
        var taken = 0
        var seen: Set<RequestState> = []
        for _ in 0..<60 {
            var machine = try RequestMachineTests.machine(
                RequestState.allCases[Int.random(in: 0..<RequestState.allCases.count, using: &random)])
            for _ in 0..<60 {
                now = now.adding(seconds: Double(Int.random(in: 0..<12, using: &random)))
                let before = machine
                do {
                    let action = try machine.handle(Self.event(machine, &random), at: now)
                    try #require((action == .keep) == (machine == before))
                    taken += 1
                } catch let error as ExhaustError {
                    try #require(machine == before, "\(error)")
                }
                seen.insert(machine.state)
                try check(machine, after: before)
            }
        }
        #expect(taken > 500 && seen == Set(RequestState.allCases))
    }

    private func check(_ machine: RequestMachine, after before: RequestMachine) throws {
        let (request, run) = (machine.request, machine.run)
        try #require((run?.owner != nil) == (machine.state == .leased))
        try #require((run?.owner == nil) == (run?.leasedUntil == nil))
        try #require(run?.willRetry != true || request.status == .failed)
        try #require((run?.notBefore != nil) == (machine.state == .backingOff))
        try #require(run?.cancelWished != true || machine.state == .leased)
        try #require((run?.lostLeases ?? 0) < 3)
        try #require((run?.fencing ?? 0) >= (before.run?.fencing ?? 0))
        try #require(request.iteration >= 0 && request.iteration <= 3)
        if request.status.isEnded { try #require(request.completedAt != nil) }
        if request.status == .success || request.status == .cancelled {
            try #require(run?.sealedPassword == nil && run?.sealedRunKey == nil && request.errorMessage == nil)
        }
        if machine.state == .failed { try #require(run?.sealedPassword == nil) }
        // Whatever finished file there is has its entry, so that it is neither made nor counted twice.
        try #require(
            run.map { $0.files.count <= request.processedBatches.count } ?? true || request.status == .cancelled)
    }
}
