import ReportModel

extension JobTransactions {
    /// `JobStore.lease`. `keys` says what becomes of the key of a row that another program filed; without it, it stays where it
    /// is, and it is not known if it was replaced.
    public func lease(_ ask: LeaseAsk, keys: KeyKeeping? = nil) throws -> LeasedRequest? {
        try sweep()
        let live = try table.liveRuns()
        let rule = LeaseRule(limits: ask.throttle, liveRuns: Self.byShareKey(live))
        let channels = try table.waitingChannels(reports: ask.reports)
        // With one channel there is nothing to be fair between.
        let standings = channels.count > 1 ? try standings(live) : [:]
        let next = try rule.next(of: channels, standings: standings) { channel in
            try table.oldestWaiting(in: channel, reports: ask.reports, at: now) { waiting in
                !setAside.contains(waiting.key) && rule.mayLease(waiting)
            }
        }
        guard let next else { return nil }
        return try about(next.key) {
            guard var machine = try machine(of: next.key) else { return nil }
            try machine.takeStock(keys, at: now)
            try handle(.leased(worker: ask.worker, seconds: ask.leaseSeconds), &machine)
            guard let run = machine.run else { return nil }
            return LeasedRequest(
                token: LeaseToken(key: next.key, fencing: run.fencing), request: machine.request, run: run)
        }
    }

    /// `JobStore.renew`. A row that another program changed or deleted meanwhile is a lease that is lost.
    public func renew(_ renewals: [LeaseRenewal]) throws -> [LeaseAnswer] {
        try renewals.map { renewal in
            guard var machine = try machine(of: renewal.token.key), machine.holds(renewal.token) else {
                return LeaseAnswer(token: renewal.token, isHeld: false, cancelWished: false)
            }
            try handle(.renewed(renewal), &machine)
            return LeaseAnswer(
                token: renewal.token, isHeld: true, cancelWished: machine.run?.cancelWished ?? false,
                mustYield: try mustYield(machine.request.requestedChannel, renewal))
        }
    }

    /// `JobStore.update`.
    public func update(_ token: LeaseToken, _ change: RunChange) throws {
        var machine = try heldMachine(token)
        try handle(.changed(token, change), &machine)
        guard case .batchFinished(_, let batch, _) = change else { return }
        let finished = FinishedBatch(channel: machine.request.requestedChannel, at: now, bytes: batch.fileSize)
        try table.addFinished(finished, forgettingBefore: rules.throttleWindowStart(at: now))
    }

    /// `JobStore.finish`; `jitter`, 0 to 1, spreads the back-off of a retry.
    public func finish(_ token: LeaseToken, _ outcome: RunOutcome, jitter: Double) throws -> RequestMachine {
        var machine = try heldMachine(token)
        try handle(.finished(token, outcome, jitter: jitter), &machine)
        return machine
    }

    /// Takes ended leases back and lets back-offs end. A worker that looks for work does so first, so that the rows of
    /// a dead one wait no longer than its lease, whoever is left.
    public func sweep() throws {
        for key in try table.endedLeases(at: now) where !setAside.contains(key) {
            try about(key) {
                guard var machine = try machine(of: key) else { return try table.releaseOrphan(key) }
                try handle(.leaseExpired, &machine)
            }
        }
        for key in try table.endedBackOffs(at: now) where !setAside.contains(key) {
            try about(key) {
                guard var machine = try machine(of: key), machine.state == .backingOff else { return }
                try handle(.backOffOver, &machine)
            }
        }
    }

    private func heldMachine(_ token: LeaseToken) throws -> RequestMachine {
        guard let machine = try machine(of: token.key) else { throw ExhaustError.leaseLost(token) }
        return machine
    }

    /// Whether a run of `channel` is to be given back after the batch in hand (`LeaseAnswer.mustYield`).
    public func mustYield(_ channel: String, _ renewal: LeaseRenewal) throws -> Bool {
        let finished = try table.finishedBatches(after: rules.throttleWindowStart(at: now))
        guard finished[channel]?.isOver(renewal.throttle) == true else { return false }
        let rule = LeaseRule(limits: renewal.throttle, liveRuns: Self.byShareKey(try table.liveRuns()))
        return try table.waitingChannels(reports: renewal.reports).contains { waiting in
            try rule.mustYield(channel, to: waiting.name, standings: finished)
                && table.oldestWaiting(
                    in: waiting.name, reports: renewal.reports, at: now, mayLease: rule.mayLease) != nil
        }
    }
}
