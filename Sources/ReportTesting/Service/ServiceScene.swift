public import JobLifecycle
public import ReportModel
public import ReportPorts
public import ReportRows
public import ReportService
import SecureArchive
import Testing

/// The whole service on ports in memory, with a manual clock: submit, work, look at what came of it.
public struct ServiceScene: Sendable {
    /// The one clock of service and stores.
    public let clock: ManualClock
    /// Learner data, catalogue and policies.
    public let data: ChangingData
    /// Requests and runs.
    public let jobs: MemoryJobStore
    /// Published files.
    public let files: MemoryFileStore
    /// Parts of runs.
    public let parts: MemoryPartStore
    /// Log lines.
    public let log = MemoryLog()
    /// The installation's key.
    public let master: MasterKey
    /// What the service goes by.
    public var settings: ServiceSettings
    /// Decrypts personal values; nil leaves the cells empty.
    public var decrypter: (any PersonalDataDecrypter)?

    /// A service over these tables. The jitter of retries is 1, so that a first back-off lasts its whole 10 seconds.
    public init(
        _ tables: ImportTables, settings: ServiceSettings = ServiceSettings(),
        clock: ManualClock = ManualClock(), hasVersions: Bool = true, rules: JobRules = JobRules()
    ) throws {
        self.clock = clock
        data = ChangingData(tables, time: hasVersions ? clock.now() : nil, hasVersions: hasVersions)
        jobs = MemoryJobStore(clock: clock, rules: rules, jitter: { 1 })
        files = MemoryFileStore(clock: clock)
        parts = MemoryPartStore()
        master = try MasterKey(SymmetricKey.random())
        self.settings = settings
    }

    /// The ports, through a tap if there is one.
    public func ports(_ tap: PortTap? = nil) -> ServicePorts {
        var sources = SourcePorts(
            learners: data, catalogue: data, policies: data, decrypter: decrypter, clock: clock)
        guard let tap else {
            return ServicePorts(
                sources: sources, jobs: jobs, files: files, parts: parts, log: log, storedKey: { $0 })
        }
        sources.learners = TappedLearners(base: data, tap: tap)
        sources.catalogue = TappedCatalogue(catalogue: data, tap: tap)
        sources.policies = TappedPolicies(policies: data, tap: tap)
        return ServicePorts(
            sources: sources, jobs: TappedJobs(base: jobs, tap: tap), files: TappedFiles(base: files, tap: tap),
            parts: TappedParts(base: parts, tap: tap), log: log, storedKey: { $0 })
    }

    /// A worker, through a tap if there is one.
    public func worker(
        _ name: String = "worker-1", _ tap: PortTap? = nil, settings: ServiceSettings? = nil,
        observer: WorkerObserver = WorkerObserver()
    ) -> Worker {
        Worker(
            name: name, ports: ports(tap), settings: settings ?? self.settings, master: master, observer: observer)
    }

    /// Does what waits. Answers false if the tap let the worker die.
    @discardableResult
    public func work(
        _ name: String = "worker-1", _ tap: PortTap? = nil, settings: ServiceSettings? = nil
    ) async throws -> Bool {
        do {
            try await worker(name, tap, settings: settings).run(.once)
            return true
        } catch is CancellationError where tap != nil {
            return false
        }
    }

    /// Files a request of organisation org-1 unless said otherwise; the tag ends in the batch id.
    @discardableResult
    public func submit(
        _ report: String = "progress-exhaust", _ config: DatasetConfig = DatasetConfig(selection: .batch("b1")),
        channel: String = "org-1", by user: String = "admin-1", tag: String = "do_course_b1",
        password: String? = "correct horse", isFresh: Bool = false
    ) async throws -> SubmissionAnswer {
        try await Submitting(ports: ports(), settings: settings, master: master).submit(
            RequestWish(
                report: report, config: config, channel: channel, requestedBy: user, tag: tag,
                password: try password.map { try Password($0) }, isFresh: isFresh))
    }

    /// The request of a key.
    public func stored(_ key: RequestKey) async throws -> StoredRequest {
        try #require(try await jobs.request(key.requestID, tag: key.tag))
    }

    /// All bytes of a published file.
    public func bytes(of path: String) async throws -> [UInt8] {
        try await files.read(path, at: 0, count: .max)
    }

    /// The plain CSV that a run without a request gives, batch after batch.
    public func plainCSV(
        _ report: String = "progress-exhaust", _ config: DatasetConfig = DatasetConfig(selection: .batch("b1")),
        channel: String = "org-1", settings: ServiceSettings? = nil
    ) async throws -> [UInt8] {
        let collected = CollectedBytes()
        _ = try await StandaloneRun(
            sources: ports().sources, settings: settings ?? self.settings,
            report: try ReportRegistry.standard.report(named: report), config: config, channel: channel, layout: nil,
            meter: RunMeter()
        ).writePlain(allowsPersonalData: true) { await collected.add($0) }
        return await collected.bytes
    }
}

private actor CollectedBytes {
    private(set) var bytes: [UInt8] = []
    func add(_ more: [UInt8]) { bytes += more }
}
