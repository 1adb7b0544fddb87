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

    /// Makes a waiting request ready to be leased: what another program has put into its row since the run began counts.
    /// With another key, configuration or requester than the run was made for, the run begins anew, so that no file of
    /// before is given out as made for now. A key that cannot be read stays in the row, and the run tells why.
    mutating func takeStock(_ keys: KeyKeeping?, at now: Timestamp) throws {
        guard state == .waiting else { return }
        let hasKey = !(request.encryptionKey ?? "").isEmpty
        let sealed = hasKey ? keys.flatMap { $0.sealedKey(of: request) } : nil
        let question = try request.question()
        var current = run ?? JobRun()
        if run != nil,
            current.question ?? question != question
                || sealed.map({ $0.hash != current.passwordHash }) == true
        {
            // Without a key in the row nobody has said that the files may be open.
            let anew = Submission(
                request: request, sealedPassword: hasKey ? nil : current.sealedPassword,
                passwordHash: hasKey ? "" : current.passwordHash)
            try beginAnew(anew, at: now)
            current = run ?? current
        }
        current.question = question
        if let sealed, let keys {
            current.passwordHash = sealed.hash
            current.sealedPassword = keys.movesKeys ? sealed.password : nil
            if keys.movesKeys { request.encryptionKey = nil }
        }
        run = current
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

/// What is done with keys that other programs filed.
public struct KeyKeeping: Sendable {
    /// Reads and seals them.
    public var seal: KeySealer
    /// Whether they are taken out of the table, which anybody may read. If not, only their keyed hash is noted, by which it
    /// is known that a key was replaced.
    public var movesKeys: Bool

    /// What is done with keys.
    public init(movesKeys: Bool = true, seal: @escaping KeySealer) {
        self.seal = seal
        self.movesKeys = movesKeys
    }

    /// Nil for one that cannot be read.
    func sealedKey(of request: JobRequest) -> SealedKey? {
        do { return try request.encryptionKey.map { try seal($0, request.key) } } catch { return nil }
    }
}

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
