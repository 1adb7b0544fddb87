import JobLifecycle
import ReportModel
import ReportPorts

/// A job store seen through a tap.
struct TappedJobs: JobStore {
    let base: any JobStore
    let tap: PortTap

    func submit(_ submission: Submission) async throws -> SubmissionAnswer {
        try await tap.pass("jobs.submit") { try await base.submit(submission) }
    }

    func request(_ requestID: String, tag: String?) async throws -> StoredRequest? {
        try await tap.pass("jobs.request") { try await base.request(requestID, tag: tag) }
    }

    func requests(_ query: RequestQuery) async throws -> [StoredRequest] {
        try await tap.pass("jobs.requests") { try await base.requests(query) }
    }

    func count(_ query: RequestQuery) async throws -> Int {
        try await tap.pass("jobs.count") { try await base.count(query) }
    }

    func waitingLine() async throws -> WaitingLine {
        try await tap.pass("jobs.waitingLine") { try await base.waitingLine() }
    }

    func cancel(_ key: RequestKey) async throws -> StoredRequest {
        try await tap.pass("jobs.cancel") { try await base.cancel(key) }
    }

    func lease(_ ask: LeaseAsk) async throws -> LeasedRequest? {
        try await tap.pass("jobs.lease") { try await base.lease(ask) }
    }

    func renew(_ renewals: [LeaseRenewal]) async throws -> [LeaseAnswer] {
        try await tap.pass("jobs.renew") { try await base.renew(renewals) }
    }

    func update(_ lease: LeaseToken, _ change: RunChange) async throws {
        try await tap.pass("jobs.update.\(change.word)") { try await base.update(lease, change) }
    }

    func finish(_ lease: LeaseToken, _ outcome: RunOutcome) async throws -> StoredRequest {
        try await tap.pass("jobs.finish") { try await base.finish(lease, outcome) }
    }

    func foreignRuns() async throws -> [JobRequest] {
        try await tap.pass("jobs.foreignRuns") { try await base.foreignRuns() }
    }

    func adopt(_ key: RequestKey) async throws -> StoredRequest {
        try await tap.pass("jobs.adopt") { try await base.adopt(key) }
    }

    func forgetFiles(_ key: RequestKey) async throws {
        try await tap.pass("jobs.forgetFiles") { try await base.forgetFiles(key) }
    }

    func now() async throws -> Timestamp { try await tap.pass("jobs.now") { try await base.now() } }

    func nextDue() async throws -> Timestamp? { try await tap.pass("jobs.nextDue") { try await base.nextDue() } }
}

extension RunChange {
    fileprivate var word: String {
        switch self {
        case .began: "began"
        case .partKept: "partKept"
        case .publishing: "publishing"
        case .batchFinished: "batchFinished"
        }
    }
}

/// Published files seen through a tap.
struct TappedFiles: FileStore {
    let base: any FileStore
    let tap: PortTap

    func stage(_ path: String, fencing: Int64) async throws -> any StagedFile {
        let file = try await tap.pass("files.stage") { try await base.stage(path, fencing: fencing) }
        return TappedStagedFile(base: file, tap: tap)
    }

    func publish(_ file: StagedFileName) async throws {
        try await tap.pass("files.publish") { try await base.publish(file) }
    }

    func discard(_ file: StagedFileName) async throws {
        try await tap.pass("files.discard") { try await base.discard(file) }
    }

    func size(of path: String) async throws -> Int64? {
        try await tap.pass("files.size") { try await base.size(of: path) }
    }

    func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8] {
        try await tap.pass("files.read") { try await base.read(path, at: offset, count: count) }
    }

    func remove(_ path: String) async throws {
        try await tap.pass("files.remove") { try await base.remove(path) }
    }

    func published() async throws -> [StoredFile] {
        try await tap.pass("files.published") { try await base.published() }
    }

    func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int {
        try await tap.pass("files.sweepStaged") { try await base.sweepStaged(before: moment, keeping: keeping) }
    }
}

private struct TappedStagedFile: StagedFile {
    let base: any StagedFile
    let tap: PortTap

    var name: StagedFileName { base.name }

    func write(_ bytes: [UInt8]) async throws {
        tap.note(bytes, in: "file \(name.staging)")
        try await tap.pass("staged.write") { try await base.write(bytes) }
    }

    func finish() async throws { try await tap.pass("staged.finish") { try await base.finish() } }

    func discard() async { await tap.passQuietly("staged.discard") { await base.discard() } }
}

/// Parts seen through a tap.
struct TappedParts: PartStore {
    let base: any PartStore
    let tap: PortTap

    func put(_ part: [UInt8], name: String, run: String) async throws {
        tap.note(part, in: "part \(name) of \(run), \(tap.count("parts.put"))")
        try await tap.pass("parts.put") { try await base.put(part, name: name, run: run) }
    }

    func get(name: String, run: String) async throws -> [UInt8] {
        try await tap.pass("parts.get") { try await base.get(name: name, run: run) }
    }

    func removeAll(run: String) async throws {
        try await tap.pass("parts.removeAll") { try await base.removeAll(run: run) }
    }

    func runs() async throws -> [String] { try await tap.pass("parts.runs") { try await base.runs() } }
}
