import HTTPClient
import HTTPServer
import ReportAPI
import ReportModel
import ReportPage
import ReportPorts
import ReportService
import Settings

/// API and page on the use cases of one data folder.
struct WebService: Sendable {
    /// What answers requests.
    let handler: APIHandler
    /// Who did what.
    let audit: OpenAudit
    /// Tells listeners of changes, while it runs.
    let watch: RequestWatch
    private let web: CurlClient

    /// Opens what the web needs beside `service`. Throws `refused` where settings leave open who may do what.
    static func open(
        _ service: Service, _ composition: Composition, in folder: DataFolder, _ options: HTTPServerOptions,
        _ parts: ObservedParts
    ) async throws -> WebService {
        let audit = try await composition.openAudit(in: folder)
        do {
            let web = try await composition.curl()
            do {
                return try WebService(service, composition, options, audit, web, parts)
            } catch {
                await web.close()
                throw error
            }
        } catch {
            await audit.close()
            throw error
        }
    }

    private init(
        _ service: Service, _ composition: Composition, _ options: HTTPServerOptions, _ audit: OpenAudit,
        _ web: CurlClient, _ parts: ObservedParts
    ) throws {
        let clock = composition.clock
        let http = composition.settings.http
        let access = try AccessComposition(
            composition.settings,
            AccessComposition.Ports(
                audit: audit, consumers: try composition.consumers(service.ports),
                users: try composition.users(web), web: web, master: service.master, clock: clock, log: composition.log),
            listening: AccessComposition.Listening(
                isLoopback: options.listen.isLoopback, hasTLS: options.tls != nil, proxies: http.proxies))
        let ports = APIPorts(
            service: service.ports, settings: service.settings, registry: composition.registry, master: service.master,
            access: access.control, datasets: service.datasets,
            links: try LinkMinter(master: service.master, settings: composition.linkSettings, clock: clock),
            auditing: access.auditing, entrance: access.entrance,
            readiness: composition.readiness(of: service, worker: parts.worker, audit: audit),
            metrics: composition.metricsReport(parts.metrics, of: service, parts.process),
            previews: composition.previewLimits, watching: composition.watchLimits)
        handler = APIHandler(
            table: API.routes(ports, and: PageRoutes.all), access: access.control, clock: clock,
            observer: WebLog(composition.log, parts.metrics), auditing: access.auditing)
        self.audit = audit
        self.web = web
        watch = ports.watch
    }

    /// Lets go of the stores.
    func close() async {
        await web.close()
        await audit.close()
    }
}

/// What metrics and `/ready` look at.
struct ObservedParts: Sendable {
    let metrics: ServiceMetrics
    let process: ProcessUse
    /// A worker in this process.
    let worker: WorkerLife?
}

/// A deployment without a table of consumers: no program may act for a channel.
struct NoConsumers: ConsumerTable {
    func allowedConsumers() async throws -> [ConsumerChannel] { [] }
}
