public import JobLifecycle
public import ReportModel
public import ReportPorts
import Testing

/// A fresh, empty job store with its manual clock, and the hands of another program at its tables. The store's rules
/// are the defaults, its jitter is 0.5.
public struct JobScene: Sendable {
    /// The store.
    public let store: any JobStore
    /// Its clock.
    public let clock: ManualClock
    /// Writes a row as another program would, without a run.
    public let writeForeign: @Sendable (JobRequest) async throws -> Void
    /// Deletes a row as another program would; the run beside it stays.
    public let deleteForeign: @Sendable (RequestKey) async throws -> Void
    /// Makes the run beside a row unreadable (true), or puts it right again.
    public let damageRun: @Sendable (RequestKey, Bool) async throws -> Void

    /// A store to be checked.
    public init(
        store: any JobStore, clock: ManualClock,
        writeForeign: @escaping @Sendable (JobRequest) async throws -> Void,
        deleteForeign: @escaping @Sendable (RequestKey) async throws -> Void,
        damageRun: @escaping @Sendable (RequestKey, Bool) async throws -> Void
    ) {
        self.store = store
        self.clock = clock
        self.writeForeign = writeForeign
        self.deleteForeign = deleteForeign
        self.damageRun = damageRun
    }

    /// A scene over the store in memory.
    public static func memory() -> JobScene {
        let clock = ManualClock()
        let store = MemoryJobStore(clock: clock, jitter: { 0.5 })
        return JobScene(
            store: store, clock: clock, writeForeign: { store.writeForeign($0) },
            deleteForeign: { store.deleteForeign($0) }, damageRun: { store.setDamaged($1, $0) })
    }
}

extension JobScene {
    /// A row as a submission brings it; the id is its batch unless said otherwise.
    public static func row(
        _ id: String, channel: String = "org-7", report: String = "progress-exhaust", by user: String = "user-9",
        config: String? = nil, tag: String = "tag"
    ) -> JobRequest {
        JobRequest(
            tag: "\(tag):\(channel)", requestID: id, reportID: report, requestData: config ?? #"{"batchId":"\#(id)"}"#,
            requestedBy: user, requestedChannel: channel, submittedAt: Timestamp(milliseconds: 0))
    }

    /// Submits `row`; a password is its own hash here.
    @discardableResult
    public func submit(
        _ row: JobRequest, password: String = "", layout: ReportLayout? = nil, fresh: Bool = false
    ) async throws -> SubmissionAnswer {
        try await store.submit(
            Submission(
                request: row, layout: layout, sealedPassword: password.isEmpty ? nil : Array(password.utf8),
                passwordHash: password, isFresh: fresh))
    }

    /// Submits a request with this id.
    @discardableResult
    public func submit(_ id: String, channel: String = "org-7") async throws -> SubmissionAnswer {
        try await submit(Self.row(id, channel: channel))
    }

    /// Leases for `worker` whatever is next.
    public func lease(
        _ worker: String = "worker-1", reports: Set<String> = [], throttle: ThrottleLimits = .init()
    ) async throws -> LeasedRequest? {
        try await store.lease(LeaseAsk(worker: worker, reports: reports, throttle: throttle))
    }

    /// Leases for `worker` what must be there.
    public func leaseNext(_ worker: String = "worker-1") async throws -> LeasedRequest {
        try #require(try await lease(worker))
    }

    /// The request of that id.
    public func stored(_ id: String) async throws -> StoredRequest {
        try #require(try await store.request(id, tag: nil))
    }

    /// The status of the request of that id.
    public func status(_ id: String) async throws -> RequestStatus { try await stored(id).request.status }

    /// Notes a finished batch of `bytes` plain CSV.
    public func finishBatch(
        _ lease: LeasedRequest, _ batch: String, bytes: Int64 = 10, progress: RunProgress = .init()
    ) async throws {
        let path = "progress-exhaust/\(lease.request.requestID)/\(batch)_progress_20240131"
        let file = FinishedFile(
            batch: BatchKey(collection: "do_1", batch: batch), path: path + ".zip", fileBytes: 5, csvBytes: bytes,
            receipt: "{}")
        let processed = ProcessedBatch(
            channel: lease.request.requestedChannel, batchID: batch, filePath: path + ".csv", fileSize: bytes)
        try await store.update(
            lease.token, .batchFinished(file, processed, progress))
    }

    /// Finishes a lease with success.
    @discardableResult
    public func succeed(_ lease: LeasedRequest) async throws -> StoredRequest {
        try await store.finish(lease.token, .succeeded(receipt: #"{"rows":1}"#, milliseconds: 42))
    }

    /// Finishes a lease with a failure.
    @discardableResult
    public func fail(
        _ lease: LeasedRequest, canPass: Bool = true, code: ExhaustError.Code = .storageFailed,
        message: String = "it broke"
    ) async throws -> StoredRequest {
        let failure = RunFailure(
            code: code.description, message: message, remedy: "Wait.", mender: .operator, canPass: canPass)
        return try await store.finish(lease.token, .failed(failure, milliseconds: 7))
    }

    /// Fails the test unless `body` throws an error of this code.
    public func expect(_ code: ExhaustError.Code, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("nothing was thrown instead of \(code)")
        } catch {
            #expect((error as? ExhaustError)?.code == code, "\(error)")
        }
    }
}
