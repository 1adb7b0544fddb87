public import JobLifecycle
public import ReportModel
import ReportPorts
public import ReportRows
public import SecureArchive

/// What somebody asks for, as they said it.
public struct RequestWish: Sendable {
    /// Id or alias of a report.
    public var report: String
    /// Which batches, in which layout.
    public var config: DatasetConfig
    /// The root organisation of the requester.
    public var channel: String
    /// The user id of the requester.
    public var requestedBy: String
    /// The requester's own key for the request, without the channel.
    public var tag: String
    /// The password for the files.
    public var password: Password?
    /// Whether a finished request is made anew.
    public var isFresh: Bool

    /// What somebody asks for.
    public init(
        report: String, config: DatasetConfig, channel: String, requestedBy: String, tag: String,
        password: Password? = nil, isFresh: Bool = false
    ) {
        self.report = report
        self.config = config
        self.channel = channel
        self.requestedBy = requestedBy
        self.tag = tag
        self.password = password
        self.isFresh = isFresh
    }
}

/// Writes down what is about to be filed.
public typealias SubmissionNote = @Sendable (RequestKey) async throws -> Void

/// Files requests. What can be known to fail is refused here, and not a day later.
public struct Submitting: Sendable {
    let ports: ServicePorts
    let settings: ServiceSettings
    let registry: ReportRegistry
    private let master: MasterKey

    /// The use case on these ports.
    public init(
        ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry = .standard, master: MasterKey
    ) {
        self.ports = ports
        self.settings = settings
        self.registry = registry
        self.master = master
    }

    /// Files `wish`. Throws `invalidInput`, `notFound`, `refused`, `limitExceeded` with the reason, `conflict` while the same
    /// request is being worked on with another key or layout, `unavailable` if a store does not answer.
    /// `noting` is told under which key it will be filed, once it is known to be right; what it throws keeps it from being
    /// filed.
    public func submit(
        _ wish: RequestWish, noting: SubmissionNote = { _ in }
    ) async throws -> SubmissionAnswer {
        let report = try registry.report(named: wish.report)
        for (name, text) in [("tag", wish.tag), ("channel", wish.channel)] where text.isEmpty {
            throw ExhaustError(.invalidInput, "\(name): it is empty", remedy: "Name a \(name).")
        }
        try await check(wish.config, of: report, channel: wish.channel, password: wish.password, tag: wish.tag)
        let filing = Filing(
            jobID: report.id, config: wish.config.json, channel: wish.channel, requestedBy: wish.requestedBy,
            tag: wish.tag)
        return try await file(
            filing, layout: wish.config.layout, password: wish.password, isFresh: wish.isFresh, noting: noting)
    }

    /// Refuses what is known to fail.
    func check(
        _ config: DatasetConfig, of report: any ReportDefinition, channel: String, password: Password?, tag: String
    ) async throws {
        let preparation = RunPreparation(sources: ports.sources, settings: settings)
        try await preparation.check(report: report, config: config, channel: channel, password: password, tag: tag)
    }

    /// Files a request for a report of ours: its password sealed, its run beside it.
    func file(
        _ filing: Filing, layout: ReportLayout?, password: Password?, isFresh: Bool, noting: SubmissionNote
    ) async throws -> SubmissionAnswer {
        let request = try await row(of: filing)
        return try await ports.file(
            Submission(
                request: request, layout: layout,
                sealedPassword: try password.map { try master.seal(password: $0, of: request.key) },
                passwordHash: try password.map { try master.hash(of: $0) } ?? "", isFresh: isFresh), noting: noting)
    }

    /// The row of a request as it is new. Throws `invalidInput` or `limitExceeded` for what the table cannot hold.
    func row(of filing: Filing) async throws -> JobRequest {
        try filing.checkLengths()
        let identity = RequestIdentity(
            report: filing.jobID, tag: filing.tag, requestedBy: filing.requestedBy, channel: filing.channel,
            date: try await ports.jobs.now().date(offsetMinutes: settings.requestDateOffsetMinutes),
            datasetConfig: filing.config)
        return JobRequest(
            tag: filing.storedTag, requestID: try identity.requestID(md5: MD5.hash, sha256: SHA256.hash),
            reportID: filing.jobID, requestData: try filing.storedConfig(), requestedBy: filing.requestedBy,
            requestedChannel: filing.channel, submittedAt: Timestamp(milliseconds: 0))
    }
}
