public import ReportModel

extension RequestMachine {
    mutating func lease(
        _ worker: String, _ seconds: Double, _ event: RequestEvent, at now: Timestamp
    ) throws -> RequestAction {
        switch state {
        case .waiting:
            var leased = run ?? JobRun()
            // An error text of before the last submission says nothing about the work that begins now.
            if leased.failure == nil { request.errorMessage = nil }
            leased.fencing += 1
            leased.owner = worker
            leased.leasedUntil = now.adding(seconds: seconds)
            leased.firstLeasedAt = leased.firstLeasedAt ?? now
            leased.notBefore = nil
            leased.cancelWished = false
            run = leased
            request.status = .processing
            request.completedAt = nil
            request.executionMilliseconds = nil
            return .write
        case .leased, .foreign, .backingOff, .failed, .succeeded, .cancelled:
            throw illegal(event)
        }
    }

    /// Moves the key of the row into the run, sealed. One that cannot be read stays, and the run tells why.
    mutating func moveKey(_ seal: KeySealer) {
        guard state == .waiting, let key = request.encryptionKey, !key.isEmpty else { return }
        let sealed: SealedKey
        do { sealed = try seal(key, request.key) } catch { return }
        var keeping = run ?? JobRun()
        keeping.sealedPassword = sealed.password
        keeping.passwordHash = sealed.hash
        run = keeping
        request.encryptionKey = nil
    }

    /// A lease that is past its end but that nobody has taken back is renewed: its work is as good as ever.
    mutating func renew(_ renewal: LeaseRenewal, at now: Timestamp) throws -> RequestAction {
        var held = try heldRun(renewal.token)
        held.progress = renewal.progress
        held.leasedUntil = now.adding(seconds: renewal.leaseSeconds)
        run = held
        return .write
    }

    mutating func apply(_ change: RunChange, under token: LeaseToken) throws -> RequestAction {
        var held = try heldRun(token)
        switch change {
        case .began(let dataVersion, let sealedRunKey):
            held.dataVersion = dataVersion
            held.sealedRunKey = sealedRunKey
        case .partKept(let progress):
            held.progress = progress
            held.lostLeases = 0
        case .publishing(let names):
            held.publishing = names
        case .batchFinished(let file, let processed, let progress):
            held.progress = progress
            held.publishing.removeAll { $0.final == file.path }
            held.files.removeAll { $0.batch == file.batch }
            request.processedBatches.replaceOrAppend(processed, publishedAt: file.path, others: held.files)
            held.files.append(file)
            held.lostLeases = 0
        }
        run = held
        return .write
    }

    /// Takes an ended lease back. In every other state a lease that is still noted is a leftover: another program
    /// changed the row's status meanwhile, and its word holds.
    mutating func expire(_ event: RequestEvent, at now: Timestamp) throws -> RequestAction {
        guard var lost = run, lost.owner != nil else { return .keep }
        guard lost.leasedUntil.map({ $0 <= now }) ?? true else {
            throw illegal(event, remedy: "The lease has not ended yet.")
        }
        switch state {
        case .leased:
            if lost.cancelWished {
                cancelNow(at: now)
                return .write
            }
            lost.releaseLease()
            lost.lostLeases += 1
            run = lost
            request.status = .submitted
            if lost.lostLeases >= rules.lostLeasesLimit {
                fail(.workerLost(leases: lost.lostLeases), milliseconds: 0, jitter: 0, at: now)
            }
        case .waiting, .backingOff, .failed, .succeeded, .cancelled, .foreign:
            lost.releaseLease()
            run = lost
        }
        return .write
    }

    mutating func endBackOff(_ event: RequestEvent, at now: Timestamp) throws -> RequestAction {
        switch state {
        case .backingOff:
            if let notBefore = run?.notBefore, now < notBefore {
                throw illegal(event, remedy: "The back-off is not over yet.")
            }
            run?.willRetry = false
            run?.notBefore = nil
            request.status = .submitted
            return .write
        case .waiting, .leased, .foreign, .failed, .succeeded, .cancelled:
            throw illegal(event)
        }
    }

    /// The run, if `token` is of its current lease.
    func heldRun(_ token: LeaseToken) throws -> JobRun {
        guard holds(token), let run else { throw ExhaustError.leaseLost(token) }
        return run
    }
}

/// A password as a run keeps it.
public struct SealedKey: Sendable, Hashable {
    /// Sealed under the master key.
    public var password: [UInt8]
    /// Its keyed hash.
    public var hash: String

    /// A password as a run keeps it.
    public init(password: [UInt8], hash: String) {
        self.password = password
        self.hash = hash
    }
}

/// Reads `encryption_key` as another program stored it, and seals it for its request.
public typealias KeySealer = @Sendable (_ stored: String, _ request: RequestKey) throws -> SealedKey

extension ExhaustError {
    /// The refusal of a write under a lease that is not the current one.
    static func leaseLost(_ token: LeaseToken) -> ExhaustError {
        ExhaustError(
            .leaseLost,
            "lease \(token.fencing) of request \(token.key.requestID) is no longer held: it ended, or the request was "
                + "taken back")
    }
}

extension RunFailure {
    /// Workers that hold the request stop answering, one after the other: most likely the work itself kills them, so it
    /// is not tried again by itself.
    static func workerLost(leases: Int) -> RunFailure {
        RunFailure(
            code: "worker-lost",
            message: "worker-lost: \(leases) workers in a row stopped answering while they worked at the request",
            remedy: "Look for the end of the workers in the system's log, memory first, and submit the request again.",
            mender: .operator, canPass: false)
    }
}
