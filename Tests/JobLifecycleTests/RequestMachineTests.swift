import JobLifecycle
import ReportModel
import Testing

@Suite struct RequestMachineTests {
    static let start = Timestamp(milliseconds: 1_000_000)
    static let later = start.adding(seconds: 60)

    /// A machine in that state, brought there by events.
    static func machine(_ state: RequestState) throws -> RequestMachine {
        var row = JobRequest(
            tag: "t:c", requestID: "A", reportID: "progress-exhaust", requestData: "{}", requestedBy: "u",
            requestedChannel: "c", submittedAt: start)
        if state == .foreign {
            row.status = .processing
            return RequestMachine(request: row, run: nil)
        }
        let (request, run) = try RequestMachine.new(Submission(request: row), earlier: nil, at: start)
        var machine = RequestMachine(request: request, run: run)
        if state == .waiting { return machine }
        _ = try machine.handle(.leased(worker: "w", seconds: 15), at: start)
        let outcome: RunOutcome? =
            switch state {
            case .backingOff: .failed(failure(canPass: true), milliseconds: 1)
            case .failed: .failed(failure(canPass: false), milliseconds: 1)
            case .succeeded: .succeeded(receipt: "{}", milliseconds: 1)
            case .cancelled: .cancelled
            case .leased, .waiting, .foreign: nil
            }
        if let outcome { _ = try machine.handle(.finished(token, outcome, jitter: 0), at: start) }
        return machine
    }

    static let token = LeaseToken(key: RequestKey(tag: "t:c", requestID: "A"), fencing: 1)

    static func failure(canPass: Bool) -> RunFailure {
        RunFailure(code: "unavailable", message: "m", remedy: "r", mender: .operator, canPass: canPass)
    }

    /// Events, each with the states that take it and what these become a minute later; in all others it is refused.
    static let table: [(name: String, event: RequestEvent, becomes: [RequestState: RequestState])] = [
        ("lease", .leased(worker: "x", seconds: 15), [.waiting: .leased]),
        ("renew", .renewed(LeaseRenewal(token: token, progress: .init())), [.leased: .leased]),
        ("began", .changed(token, .began(dataVersion: nil, sealedRunKey: [])), [.leased: .leased]),
        ("part", .changed(token, .partKept(.init())), [.leased: .leased]),
        ("publishing", .changed(token, .publishing([])), [.leased: .leased]),
        ("success", .finished(token, .succeeded(receipt: "", milliseconds: 0), jitter: 0), [.leased: .succeeded]),
        (
            "failure", .finished(token, .failed(failure(canPass: true), milliseconds: 0), jitter: 0),
            [.leased: .backingOff]
        ),
        (
            "lasting failure", .finished(token, .failed(failure(canPass: false), milliseconds: 0), jitter: 0),
            [.leased: .failed]
        ),
        ("cancelled", .finished(token, .cancelled, jitter: 0), [.leased: .cancelled]),
        ("shut down", .finished(token, .givenBack(.shutDown), jitter: 0), [.leased: .waiting]),
        ("throttled", .finished(token, .givenBack(.throttled), jitter: 0), [.leased: .waiting]),
        (
            "expire", .leaseExpired,
            [
                .leased: .waiting, .waiting: .waiting, .foreign: .foreign, .backingOff: .backingOff,
                .failed: .failed, .succeeded: .succeeded, .cancelled: .cancelled,
            ]
        ),
        ("cancel", .cancelWished, [.waiting: .cancelled, .backingOff: .cancelled, .leased: .cancelled]),
        ("back-off over", .backOffOver, [.backingOff: .waiting]),
        ("adopt", .adopted, [.foreign: .waiting]),
        (
            "take over", .tookOver(request: other, run: JobRun()),
            [.waiting: .succeeded, .backingOff: .succeeded]
        ),
        (
            "forget files", .filesForgotten,
            [.waiting: .waiting, .failed: .failed, .succeeded: .succeeded, .cancelled: .cancelled]
        ),
        (
            "the same again", .resubmitted(Submission(request: other)),
            [
                .waiting: .waiting, .leased: .leased, .foreign: .foreign, .backingOff: .waiting, .failed: .waiting,
                // It has no files, so its success is worth nothing.
                .succeeded: .waiting, .cancelled: .waiting,
            ]
        ),
        (
            "something else", .resubmitted(Submission(request: other, layout: .sunbird)),
            [
                .waiting: .waiting, .backingOff: .waiting, .failed: .waiting, .succeeded: .waiting,
                .cancelled: .waiting,
            ]
        ),
    ]

    static let other = JobRequest(
        tag: "t:c", requestID: "B", reportID: "progress-exhaust", requestData: "{ }", requestedBy: "u",
        requestedChannel: "c", submittedAt: start)

    @Test(arguments: RequestState.allCases)
    func `every event leads where the table says, and is refused everywhere else with nothing changed`(
        state: RequestState
    ) throws {
        for (name, event, becomes) in Self.table {
            var machine = try Self.machine(state)
            #expect(machine.state == state)
            let before = machine
            guard let next = becomes[state] else {
                let error = #expect(throws: ExhaustError.self, "\(name) while \(state)") {
                    try machine.handle(event, at: Self.later)
                }
                let code: ExhaustError.Code =
                    switch event {
                    case .renewed, .changed, .finished: .leaseLost
                    default: .conflict
                    }
                #expect(error?.code == code, "\(name) while \(state)")
                if code == .conflict, case .resubmitted = event {
                } else if code == .conflict {
                    #expect(error?.message.contains(state.words) == true)
                }
                #expect(machine == before)
                continue
            }
            let action = try machine.handle(event, at: Self.later)
            #expect(machine.state == next, "\(name) while \(state)")
            #expect((action == .keep) == (machine == before), "\(name) while \(state)")
            #expect((action == .writeAndShare) == (name == "success"))
        }
    }

    @Test func `a lease is not taken back, nor a back-off ended, before its time`() throws {
        var leased = try Self.machine(.leased)
        #expect(throws: ExhaustError.self) { try leased.handle(.leaseExpired, at: Self.start.adding(seconds: 14.999)) }
        #expect(try leased.handle(.leaseExpired, at: Self.start.adding(seconds: 15)) == .write)
        var resting = try Self.machine(.backingOff)
        #expect(throws: ExhaustError.self) { try resting.handle(.backOffOver, at: Self.start.adding(seconds: 4.999)) }
        #expect(try resting.handle(.backOffOver, at: Self.start.adding(seconds: 5)) == .write)
    }

    @Test func `a cancel of a running request is a wish, and a second one changes nothing`() throws {
        var machine = try Self.machine(.leased)
        #expect(try machine.handle(.cancelWished, at: Self.start) == .write)
        #expect(machine.state == .leased && machine.run?.cancelWished == true)
        #expect(try machine.handle(.cancelWished, at: Self.start) == .keep)
    }

    @Test func `a token of another request or number holds nothing`() throws {
        let machine = try Self.machine(.leased)
        #expect(machine.holds(Self.token))
        #expect(!machine.holds(LeaseToken(key: Self.token.key, fencing: 2)))
        #expect(!machine.holds(LeaseToken(key: RequestKey(tag: "t:c", requestID: "B"), fencing: 1)))
    }

    @Test func `what earlier leases staged is remembered by a new start, so that it can be discarded`() throws {
        var machine = try Self.machine(.leased)
        let names = [StagedFileName(staging: "s.1", final: "f")]
        _ = try machine.handle(.changed(Self.token, .publishing(names)), at: Self.start)
        _ = try machine.handle(.cancelWished, at: Self.later)
        let submission = Submission(request: machine.request, isFresh: true)
        _ = try machine.handle(.resubmitted(submission), at: Self.later)
        #expect(machine.run?.publishing == names && machine.run?.fencing == 1)
    }

    @Test func `lost leases count together with give-backs in between, but not with parts`() throws {
        var machine = try Self.machine(.waiting)
        func lease() throws -> LeaseToken {
            _ = try machine.handle(.leased(worker: "w", seconds: 15), at: Self.start)
            return LeaseToken(key: machine.request.key, fencing: machine.run?.fencing ?? 0)
        }
        for _ in 0..<2 {
            _ = try lease()
            _ = try machine.handle(.leaseExpired, at: Self.later)
        }
        _ = try machine.handle(.finished(try lease(), .givenBack(.shutDown), jitter: 0), at: Self.start)
        #expect(machine.run?.lostLeases == 2)
        _ = try lease()
        _ = try machine.handle(.leaseExpired, at: Self.later)
        #expect(machine.state == .failed && machine.run?.failure?.code == "worker-lost")
    }
}
