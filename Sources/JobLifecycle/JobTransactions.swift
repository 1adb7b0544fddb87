public import ReportModel

/// The methods of a job store, each the content of one transaction over the store's tables. Every store that runs
/// them decides alike. Errors are thrown before anything of the request itself is written.
public struct JobTransactions<Table: JobTable> {
    let table: Table
    let rules: JobRules
    let now: Timestamp
    /// Rows that cannot be read or written: they are not leased, swept or given another's outcome.
    let setAside: Set<RequestKey>

    /// Transactions at the moment `now` of the store's clock. Those that look at rows which nobody asked for throw
    /// `RowFault` for one that cannot be read or written, to be done again with it among `setAside`.
    public init(table: Table, rules: JobRules, now: Timestamp, setAside: Set<RequestKey> = []) {
        self.table = table
        self.rules = rules
        self.now = now
        self.setAside = setAside
    }

    /// `JobStore.submit`.
    public func submit(_ submission: Submission) throws -> SubmissionAnswer {
        let key = submission.request.key
        guard var machine = try machine(of: key) else {
            if submission.isForOthers {
                let request = RequestMachine.newRow(submission, at: now)
                try table.save(request, nil)
                return SubmissionAnswer(effect: .created, request: request, run: nil)
            }
            let (request, run) = try RequestMachine.new(submission, earlier: try table.loadOrphan(key), at: now)
            try table.save(request, run)
            return SubmissionAnswer(effect: .created, request: request, run: run)
        }
        let verdict = SubmissionRule.verdict(on: submission, existing: machine.request, run: machine.run)
        try handle(.resubmitted(submission), &machine)
        return SubmissionAnswer(effect: verdict.effect, request: machine.request, run: machine.run)
    }

    /// `JobStore.cancel`, `adopt` and `forgetFiles`: an event that somebody wants to happen to a request.
    public func handle(_ event: RequestEvent, _ key: RequestKey) throws -> RequestMachine {
        guard var machine = try machine(of: key) else { throw ExhaustError.unknownRequest(key) }
        try handle(event, &machine)
        return machine
    }

    /// `JobStore.waitingLine`.
    public func waitingLine() throws -> WaitingLine {
        let live = try table.liveRuns()
        let rule = LeaseRule(limits: rules.throttle, liveRuns: Self.byShareKey(live))
        return WaitingLine(
            try table.allWaiting(at: now, reports: rules.reports), standings: try standings(live), rule: rule)
    }

    func machine(of key: RequestKey) throws -> RequestMachine? {
        try table.load(key).map { RequestMachine(request: $0.request, run: $0.run, rules: rules) }
    }

    func handle(_ event: RequestEvent, _ machine: inout RequestMachine) throws {
        switch try machine.handle(event, at: now) {
        case .keep: break
        case .write: try table.save(machine.request, machine.run)
        case .writeAndShare:
            try table.save(machine.request, machine.run)
            try share(machine)
        }
    }

    /// The requests that wait for the same thing take the outcome over.
    private func share(_ leader: RequestMachine) throws {
        guard let run = leader.run, let shareKey = try ShareKey(of: leader.request, run: run) else { return }
        for key in try table.sharers(of: shareKey) where key != leader.request.key && !setAside.contains(key) {
            try about(key) {
                guard var follower = try machine(of: key), [.waiting, .backingOff].contains(follower.state),
                    // Another program can have changed the row since its share key was stored.
                    try ShareKey(of: follower.request, run: follower.run) == shareKey,
                    ShareKey.follows(freshSince: follower.run?.freshSince, leaderLeasedAt: run.firstLeasedAt)
                else { return }
                try handle(.tookOver(request: leader.request, run: run), &follower)
            }
        }
    }

    typealias LiveRun = (channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)

    static func byShareKey(_ runs: [LiveRun]) -> LiveRuns {
        var latest: LiveRuns = [:]
        for run in runs {
            guard let shareKey = run.shareKey, let leasedAt = run.firstLeasedAt else { continue }
            latest[shareKey] = max(latest[shareKey] ?? leasedAt, leasedAt)
        }
        return latest
    }

    func standings(_ runs: [LiveRun]) throws -> [String: ChannelStanding] {
        var standings = try table.finishedBatches(after: rules.throttleWindowStart(at: now))
        for run in runs { standings[run.channel, default: .init()].liveRuns += 1 }
        return standings
    }
}

extension SubmissionRule.Verdict {
    /// What the submitter is told. A refusal is thrown before anybody is told anything.
    var effect: SubmissionAnswer.Effect {
        switch self {
        case .keep, .refuse: .unchanged
        case .update: .updated
        case .restart: .restarted
        }
    }
}

extension ExhaustError {
    /// The error for a request that is not there.
    public static func unknownRequest(_ key: RequestKey) -> ExhaustError {
        ExhaustError(
            .notFound, "request \(key.requestID) under tag \(key.tag): there is none",
            remedy: "Check the request id and the tag.")
    }
}
