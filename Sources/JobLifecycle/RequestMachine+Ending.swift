import ReportModel

extension RequestMachine {
    mutating func finish(
        _ token: LeaseToken, _ outcome: RunOutcome, _ jitter: Double, at now: Timestamp
    ) throws -> RequestAction {
        let held = try heldRun(token)
        switch outcome {
        case .succeeded(let receipt, let milliseconds):
            succeed(held, receipt, milliseconds, at: now)
            return .writeAndShare
        case .failed where held.cancelWished, .givenBack where held.cancelWished:
            cancelNow(at: now)
        case .failed(let failure, let milliseconds):
            fail(failure, milliseconds: milliseconds, jitter: jitter, at: now)
        case .cancelled:
            cancelNow(at: now)
        case .givenBack:
            run?.releaseLease()
            request.status = .submitted
        }
        return .write
    }

    mutating func cancel(_ event: RequestEvent, at now: Timestamp) throws -> RequestAction {
        switch state {
        case .waiting, .backingOff:
            cancelNow(at: now)
        case .leased:
            if let end = run?.leasedUntil, end <= now {
                // Nobody is there to see a wish.
                cancelNow(at: now)
            } else if run?.cancelWished == true {
                return .keep
            } else {
                run?.cancelWished = true
            }
        case .foreign:
            throw illegal(event, remedy: "Take it over with `exhaust adopt` first.")
        case .failed, .succeeded, .cancelled:
            throw illegal(event, remedy: "Only requests that have not ended can be cancelled.")
        }
        return .write
    }

    /// A success that somebody else had: the files are the same, so the row names the same paths.
    mutating func takeOver(_ leader: JobRequest, _ leaderRun: JobRun, _ event: RequestEvent) throws -> RequestAction {
        switch state {
        case .waiting, .backingOff:
            request.downloadPaths = leader.downloadPaths
            request.processedBatches = leader.processedBatches
            request.completedAt = leader.completedAt
            request.executionMilliseconds = leader.executionMilliseconds
            var own = run ?? JobRun()
            own.files = leaderRun.files
            own.receipt = leaderRun.receipt
            own.progress = leaderRun.progress
            own.dataVersion = leaderRun.dataVersion
            own.firstLeasedAt = own.firstLeasedAt ?? leaderRun.firstLeasedAt
            own.sharedWith = leader.key
            settle(own, as: .success)
            return .write
        case .leased, .foreign, .failed, .succeeded, .cancelled:
            throw illegal(event)
        }
    }

    mutating func forgetFiles(_ event: RequestEvent) throws -> RequestAction {
        switch state {
        case .succeeded, .cancelled:
            run?.files = []
        case .failed:
            // The batches are to be made again should somebody ask again.
            run?.files = []
            request.processedBatches = []
        case .waiting:
            // What it names is an earlier success; batches that are finished for the next one stay.
            break
        case .leased, .foreign, .backingOff:
            throw illegal(event, remedy: "Wait until it has ended.")
        }
        run?.earlierFiles = []
        request.downloadPaths = []
        return .write
    }

    private mutating func succeed(_ held: JobRun, _ receipt: String, _ milliseconds: Int64, at now: Timestamp) {
        var done = held
        done.receipt = receipt
        // Batches that another program finished before the request was adopted are named as it would have done.
        let adopted = request.processedBatches.map(\.archivePath).filter { path in
            !path.isEmpty && !done.files.contains { $0.path == path }
        }
        request.downloadPaths = done.files.map(\.path) + adopted
        request.completedAt = now
        request.executionMilliseconds = milliseconds
        settle(done, as: .success)
    }

    mutating func fail(_ failure: RunFailure, milliseconds: Int64, jitter: Double, at now: Timestamp) {
        // Whoever asks again gives a new day to wait; a kept run has its first lease of before.
        let age = run?.firstLeasedAt.map { now.seconds(since: max($0, request.submittedAt)) } ?? 0
        let waitsOut = rules.retry.waitsOut(failure, age: age)
        request.status = .failed
        if !waitsOut { request.iteration += 1 }
        request.errorMessage = StatusText.abbreviated(failure.message)
        request.completedAt = now
        request.executionMilliseconds = milliseconds
        let willRetry =
            waitsOut || rules.retry.allowsAnother(afterFailures: request.iteration, canPass: failure.canPass)
        let backOff =
            waitsOut
            ? rules.retry.outageBackOff(age: age, jitter: jitter)
            : rules.retry.backOff(afterFailures: request.iteration, jitter: jitter)
        run?.releaseLease()
        run?.lostLeases = 0
        run?.cancelWished = false
        run?.failure = failure
        run?.willRetry = willRetry
        // Whoever asks again brings the password again; what nobody will read must not lie about.
        if !willRetry { run?.sealedPassword = nil }
        run?.notBefore = willRetry ? now.adding(seconds: backOff) : nil
    }

    mutating func cancelNow(at now: Timestamp) {
        request.completedAt = now
        settle(run ?? JobRun(), as: .cancelled)
    }

    /// The end of a request that is over for good: nothing secret stays.
    private mutating func settle(_ ended: JobRun, as status: RequestStatus) {
        var ended = ended
        ended.releaseLease()
        ended.sealedPassword = nil
        ended.sealedRunKey = nil
        ended.lostLeases = 0
        ended.cancelWished = false
        ended.willRetry = false
        ended.notBefore = nil
        ended.failure = nil
        if status == .success {
            ended.publishing = []
            ended.earlierFiles = []
        }
        run = ended
        request.status = status
        request.errorMessage = nil
    }
}
