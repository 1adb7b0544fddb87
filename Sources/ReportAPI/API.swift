public import ReportPorts
public import ReportRows
public import ReportService

/// Everything that the operations need; the composition root fills it.
public struct APIPorts: Sendable {
    /// The ports of the use cases: requests, files, learner data, catalogue, log.
    public var service: ServicePorts
    /// What settings decide about reports and runs.
    public var settings: ServiceSettings
    /// The reports that can be asked for.
    public var registry: ReportRegistry
    /// The key of the installation, from which others are derived.
    public var master: MasterKey
    /// Who may do what.
    public var access: any AccessControl
    /// What the deployment says of its datasets.
    public var datasets: any DatasetStore
    /// Writes down who did what.
    public var auditing: Auditing
    /// Makes download links.
    public var links: LinkMinter
    /// Makes cursors of lists.
    let cursors: ListCursor
    /// Checks submissions against schemas of datasets.
    let schemas = SchemaChecks()
    /// Counts those who are not known to the service.
    let strangers = StrangerLimit()
    /// Bounds how often it is found out whether what somebody missed is there for others.
    let foreignLooks = TokenBuckets(Auditing.refusals, names: 10_000)
    /// Gathers what is shown of requests.
    public let viewing: RequestViewing
    /// Makes previews.
    public let previewing: Previewing
    /// Tells of changes of requests; nothing before its `run` is called, which goes on until the server stops.
    public let watch: RequestWatch
    /// How people sign in; nil leaves its operations out.
    public var entrance: Entrance?
    /// Whether everything works that is needed.
    public var readiness: Readiness
    /// What `/metrics` tells; nil leaves it out.
    public var metrics: MetricsReport?

    /// All ports.
    public init(
        service: ServicePorts, settings: ServiceSettings, registry: ReportRegistry = .standard, master: MasterKey,
        access: any AccessControl, datasets: any DatasetStore, links: LinkMinter, auditing: Auditing,
        entrance: Entrance? = nil, readiness: Readiness? = nil,
        metrics: MetricsReport? = nil, previews: PreviewLimits = PreviewLimits(), watching: WatchLimits = WatchLimits()
    ) {
        self.service = service
        self.settings = settings
        self.registry = registry
        self.master = master
        self.access = access
        self.datasets = datasets
        self.links = links
        self.auditing = auditing
        self.entrance = entrance
        self.metrics = metrics
        let clock = service.sources.clock
        self.readiness = readiness ?? Readiness(sleep: { try await clock.sleep(seconds: $0) })
        cursors = ListCursor(master: master)
        viewing = RequestViewing(ports: service, settings: settings, registry: registry, paces: PaceBook())
        previewing = Previewing(ports: service, settings: settings, limits: previews)
        watch = RequestWatch(ports: service, viewing: viewing, limits: watching)
    }

    /// The time of day.
    public var clock: any ServiceClock { service.sources.clock }

    /// The use case that files requests.
    public var submitting: Submitting {
        Submitting(ports: service, settings: settings, registry: registry, master: master)
    }
}

/// The request API: every operation in one table.
public enum API {
    /// All operations on these ports; `others` are those of targets above this one, such as the page's assets.
    public static func routes(_ ports: APIPorts, and others: [Route] = []) -> RouteTable {
        let routes =
            DialectRoutes.make(ports) + RequestRoutes.make(ports) + EntranceRoutes.make(ports)
            + OperationRoutes.make(ports.readiness, ports.metrics) + others
        return RouteTable(OpenAPIDocument.adding(to: routes, credentials: Credentials(ports.entrance)))
    }
}
