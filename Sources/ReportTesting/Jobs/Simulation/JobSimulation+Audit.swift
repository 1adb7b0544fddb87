import JobLifecycle
import ReportModel
import ReportPorts

extension JobSimulation {
    /// The rows after `step`, each compared with what it was before.
    mutating func audited(_ step: Step, _ before: Rows) async throws -> Rows {
        history.append("\(step.name) \(step.key?.requestID ?? "")@\(step.key?.tag ?? "")")
        let stored = try await scene.store.requests(RequestQuery(limit: 1_000))
        let after = Dictionary(uniqueKeysWithValues: stored.map { ($0.request.key, $0) })
        let now = scene.clock.now()
        for (key, row) in after {
            // The one failure that no worker reports.
            if row.request.status == .failed, before[key]?.request.status == .processing,
                row.run?.failure?.code == "worker-lost", before[key]?.run?.lostLeases == 2
            {
                failures[key, default: 0] += 1
            }
            if let broken = broken(row) { throw failure("\(key.requestID): \(broken)") }
            if step.isForeign, step.key == key { continue }
            guard let earlier = before[key] else {
                guard step.key == key, row.request.status == .submitted else {
                    throw failure("\(key.requestID): it came out of nowhere")
                }
                continue
            }
            if let broken = broken(earlier, row, step, now) { throw failure("\(key.requestID): \(broken)") }
        }
        let gone = before.keys.filter { after[$0] == nil }
        guard gone.isEmpty || step.isForeign && gone == [step.key] else { throw failure("\(gone): gone") }
        return after
    }

    func failure(_ promise: String) -> Failure {
        Failure(
            description: "seed \(seed), step \(history.count): \(promise)\n"
                + history.suffix(40).joined(separator: "\n"))
    }

    /// What a row must be at any time; nil if it is.
    private func broken(_ row: StoredRequest) -> String? {
        let (request, run) = (row.request, row.run)
        if let failed = failures[request.key], request.iteration != failed {
            return "\(request.iteration) attempts are counted instead of \(failed)"
        }
        if request.status == .success || request.status == .cancelled, run?.sealedPassword != nil {
            return "a secret outlived the request"
        }
        if request.status == .success, request.errorMessage != nil { return "a success shows an error" }
        if (run?.lostLeases ?? 0) >= 3 { return "three lost leases did not fail it" }
        if request.status == .submitted, run?.owner != nil, run?.willRetry == true { return "it waits and is held" }
        return nil
    }

    /// What a step must not do to a row; nil if it did not.
    private func broken(_ old: StoredRequest, _ new: StoredRequest, _ step: Step, _ now: Timestamp) -> String? {
        let isMeant = step.key == new.request.key
        let (oldFencing, newFencing) = (old.run?.fencing ?? 0, new.run?.fencing ?? 0)
        if newFencing < oldFencing || newFencing > oldFencing + 1 {
            return "fencing \(oldFencing) became \(newFencing)"
        }
        let wasHeld = old.request.status == .processing && old.run?.owner != nil
        let isTheSameLease = new.request.status == .processing && new.run?.owner != nil && newFencing == oldFencing
        if wasHeld, !isTheSameLease, let end = old.run?.leasedUntil, end > now, !(isMeant && step.isByHolder) {
            return "a lease ended that nobody gave back"
        }
        if !mayBecome(old, new, isMeant, step) { return "\(old.request.status) became \(new.request.status)" }
        let lost = old.request.processedBatches.filter { !new.request.processedBatches.contains($0) }
        let isOtherOutcome = new.request.status == .success && new.run?.sharedWith != nil
        let mayLose = isMeant && ["submit", "forget", "batch"].contains { step.name.hasPrefix($0) }
        if !lost.isEmpty, !mayLose, !isOtherOutcome { return "finished batches were lost" }
        let grown = new.request.iteration - old.request.iteration
        if grown == 1, new.request.status != .failed, new.run?.failure == nil {
            return "an attempt was counted that did not fail"
        }
        if grown != 0, grown != 1, !(isMeant && step.name.hasPrefix("submit")) { return "attempts were changed" }
        return nil
    }

    /// The states of design.md 8. A lease can take a row back, or end its back-off, and lease it in one step.
    private func mayBecome(_ old: StoredRequest, _ new: StoredRequest, _ isMeant: Bool, _ step: Step) -> Bool {
        let (was, now) = (old.request.status, new.request.status)
        if was == now { return true }
        let isShared = now == .success && new.run?.sharedWith != nil && step.name == "succeed"
        switch (was, now) {
        case (.submitted, .processing): return isMeant && step.name.hasPrefix("lease")
        case (.submitted, .cancelled): return isMeant && step.name == "cancel"
        case (.submitted, .success): return isShared
        case (.processing, .success): return isMeant && step.name == "succeed"
        case (.processing, .cancelled): return isMeant || old.run?.cancelWished == true
        case (.processing, .submitted), (.processing, .failed): return isMeant || step.name.hasPrefix("lease")
        case (.failed, .processing): return isMeant && old.run?.willRetry == true
        case (.failed, .submitted): return isMeant && step.name.hasPrefix("submit") || old.run?.willRetry == true
        case (.failed, .cancelled), (.failed, .success): return old.run?.willRetry == true && (isMeant || isShared)
        case (.success, .submitted), (.cancelled, .submitted): return isMeant && step.name.hasPrefix("submit")
        default: return false
        }
    }
}
