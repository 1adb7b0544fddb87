public import JobLifecycle
import ReportModel
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

/// Files requests. What can be known to fail is refused here, and not a day later.
public struct Submitting: Sendable {
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry
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
    public func submit(_ wish: RequestWish) async throws -> SubmissionAnswer {
        let report = try registry.report(named: wish.report)
        try checkLengths(wish, report)
        let preparation = RunPreparation(sources: ports.sources, settings: settings)
        try await preparation.check(report: report, config: wish.config, channel: wish.channel, password: wish.password)
        let identity = RequestIdentity(
            report: report.id, tag: wish.tag, requestedBy: wish.requestedBy, channel: wish.channel,
            date: try await ports.jobs.now().date(offsetMinutes: settings.requestDateOffsetMinutes),
            datasetConfig: wish.config.json)
        let id = try identity.requestID(md5: MD5.hash, sha256: SHA256.hash)
        let request = JobRequest(
            tag: "\(wish.tag):\(wish.channel)", requestID: id, reportID: report.id,
            requestData: try Self.stored(wish.config), requestedBy: wish.requestedBy,
            requestedChannel: wish.channel, submittedAt: Timestamp(milliseconds: 0))
        return try await ports.jobs.submit(
            Submission(
                request: request, layout: wish.config.layout,
                sealedPassword: try wish.password.map { try master.seal(password: $0, of: request.key) },
                passwordHash: try wish.password.map { try master.hash(of: $0) } ?? "", isFresh: wish.isFresh))
    }

    /// Most bytes of a datasetConfig as it is stored: a search may name many collections, but not without end.
    public static let largestConfigByteCount = 1 << 20

    private static func stored(_ config: DatasetConfig) throws(ExhaustError) -> String {
        let text = config.json.droppingNullMembers().compactText
        guard text.utf8.count <= largestConfigByteCount else {
            throw ExhaustError(
                .limitExceeded, "datasetConfig: over \(largestConfigByteCount) bytes",
                remedy: "Name fewer batches or collections.")
        }
        return text
    }

    /// The widths of the deployed table, in characters (upstream.md 1.1).
    private func checkLengths(_ wish: RequestWish, _ report: any ReportDefinition) throws(ExhaustError) {
        for (name, text) in [("tag", wish.tag), ("channel", wish.channel)] where text.isEmpty {
            throw ExhaustError(.invalidInput, "\(name): it is empty", remedy: "Name a \(name).")
        }
        for (name, text, limit) in [
            ("tag with channel", "\(wish.tag):\(wish.channel)", 100), ("channel", wish.channel, 50),
            ("requester", wish.requestedBy, 50),
        ] {
            guard text.unicodeScalars.count <= limit else {
                throw ExhaustError(
                    .invalidInput, "\(name): over \(limit) characters", remedy: "The job table holds no more.")
            }
            guard !text.unicodeScalars.contains("\0") else {
                throw ExhaustError(.invalidInput, "\(name): it holds a NUL character", remedy: "Remove it.")
            }
        }
    }
}
