public import JobLifecycle
import ReportModel
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

    /// Asks for `stored` again in the name of `requester`. The requester's own request begins again under its id; of somebody else's a new
    /// one is made, since its files are under that person's password. Throws what a submission throws.
    public func ask(
        _ stored: StoredRequest, requester: String, tag: String, password: Password?, isFresh: Bool
    ) async throws -> SubmissionAnswer {
        let request = stored.request
        let report = try registry.report(named: request.reportID)
        var config = try DatasetConfig(json: try JSONValue(parsing: request.requestData))
        config.layout = stored.run?.layout ?? config.layout
        guard requester == request.requestedBy else {
            return try await Submitting(ports: ports, settings: settings, registry: registry, master: master).submit(
                RequestWish(
                    report: report.id, config: config, channel: request.requestedChannel, requestedBy: requester,
                    tag: tag, password: password, isFresh: isFresh))
        }
        try await RunPreparation(sources: ports.sources, settings: settings)
            .check(
                report: report, config: config, channel: request.requestedChannel, password: password,
                tag: request.tag)
        return try await ports.jobs.submit(
            Submission(
                request: JobRequest(
                    tag: request.tag, requestID: request.requestID, reportID: report.id,
                    requestData: request.requestData, requestedBy: request.requestedBy,
                    requestedChannel: request.requestedChannel, submittedAt: request.submittedAt),
                layout: stored.run?.layout,
                sealedPassword: try password.map { try master.seal(password: $0, of: request.key) },
                passwordHash: try password.map { try master.hash(of: $0) } ?? "", isFresh: isFresh))
    }
}
