public import JobLifecycle
public import ReportModel
public import ReportPorts
public import ReportRows
public import SecureArchive

/// Asks again for what was asked for before: a failed request once more, a finished one anew.
public struct Repeating: Sendable {
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry
    private let master: MasterKey

    /// The use case on these ports.
    public init(ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry, master: MasterKey) {
        self.ports = ports
        self.settings = settings
        self.registry = registry
        self.master = master
    }

    /// The config of `stored` as it was sent, in the layout that it was made in. Throws `invalidInput` for a row of another
    /// program that is none of ours.
    public func config(of stored: StoredRequest) throws -> DatasetConfig {
        var config = try DatasetConfig(json: try JSONValue(parsing: stored.request.requestData)).asSent
        config.layout = stored.run?.layout ?? config.layout
        return config
    }

    /// Asks for `stored` again with `config`, which is its own or that limited, in the name of `requester`. The requester's
    /// own request begins again under its id; of somebody else's a new one is made, since its files are under that person's
    /// password. Throws what a submission throws, and what `noting` throws, which is told the key before anything is filed.
    public func ask(
        _ stored: StoredRequest, config: DatasetConfig, requester: String, tag: String, password: Password?,
        isFresh: Bool, noting: SubmissionNote = { _ in }
    ) async throws -> SubmissionAnswer {
        let request = stored.request
        let report = try registry.report(named: request.reportID)
        guard requester == request.requestedBy else {
            return try await Submitting(ports: ports, settings: settings, registry: registry, master: master).submit(
                RequestWish(
                    report: report.id, config: config, channel: request.requestedChannel, requestedBy: requester,
                    tag: tag, password: password, isFresh: isFresh), noting: noting)
        }
        try await RunPreparation(sources: ports.sources, settings: settings)
            .check(
                report: report, config: config, channel: request.requestedChannel, password: password,
                tag: request.tag)
        let filing = Filing(
            jobID: report.id, config: config.json, channel: request.requestedChannel, requestedBy: requester, tag: tag)
        return try await ports.file(
            Submission(
                request: JobRequest(
                    tag: request.tag, requestID: request.requestID, reportID: report.id,
                    requestData: try filing.storedConfig(), requestedBy: request.requestedBy,
                    requestedChannel: request.requestedChannel, submittedAt: request.submittedAt),
                layout: stored.run?.layout,
                sealedPassword: try password.map { try master.seal(password: $0, of: request.key) },
                passwordHash: try password.map { try master.hash(of: $0) } ?? "", isFresh: isFresh), noting: noting)
    }
}
