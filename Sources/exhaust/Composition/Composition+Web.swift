import CLinux
import Glibc
import HTTPClient
import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import SecureArchive
import Settings

extension Composition {
    /// What the settings say about the server. Raises the limit of open files, as far as the system lets it.
    func serverOptions(listen: String?) throws -> HTTPServerOptions {
        let http = settings.http
        var options = HTTPServerOptions()
        options.listen = try ListenAddress(parsing: listen ?? http.listen)
        options.threads = http.threads
        options.connections = min(http.connections, OpenFiles.raise() - OpenFiles.reserved)
        options.connectionsPerAddress = http.connectionsPerAddress
        options.backlog = http.backlog
        options.headBytes = http.headBytes
        options.targetBytes = http.targetBytes
        options.fields = http.fields
        options.bodyBytes = Int64(http.bodyBytes)
        options.bodyBufferBytes = http.bodyBufferBytes
        options.drainBytes = Int64(http.drainBytes)
        options.idleSeconds = http.idleSeconds
        options.headSeconds = http.headSeconds
        options.bodySeconds = http.bodySeconds
        options.slowSeconds = http.slowSeconds
        options.minimumRate = http.minimumRate
        options.stopSeconds = http.stopSeconds
        if !http.tlsCertificate.isEmpty {
            options.tls = TLSIdentity(
                certificate: try Self.pem(http.tlsCertificate), key: try Self.pem(http.tlsKey))
            // A year, as long as browsers want to hear.
            options.fieldsOfEveryAnswer["Strict-Transport-Security"] = "max-age=31536000"
        }
        return options
    }

    /// One check for all that an adapter depends on.
    private static func check(_ component: any HealthReporting, isNeeded: Bool) -> Readiness.Check {
        Readiness.Check(component.subject, isNeeded: isNeeded) {
            for part in await component.health() { try part.problem.map { throw $0 } }
        }
    }

    private static func pem(_ path: String) throws -> String {
        String(decoding: try TextFile.read(path, limit: 1 << 20), as: UTF8.self)
    }

    /// What `/metrics` tells.
    func metricsReport(_ metrics: ServiceMetrics, of service: Service, _ process: ProcessUse) -> MetricsReport {
        let token = settings.http.metricsToken
        return MetricsReport(
            metrics, jobs: service.ports.jobs, components: service.health, clock: clock,
            token: token.isEmpty ? nil : SecretBytes(Array(token.utf8)),
            isBehindProxy: settings.http.proxies > 0
        ) { [breakers] text in
            process.write(to: &text)
            text.begin(
                "exhaust_server_left_alone", .gauge,
                "Servers of the platform that failed again and again and are not asked.")
            for server in breakers.leftAlone { text.add("exhaust_server_left_alone", [("server", server)], 1) }
        }
    }

    /// What has to work before requests are sent here; `worker` is one in this process. A server, which has an audit log,
    /// can do without what only runs and downloads need: whoever files a request or asks after one is answered.
    func readiness(of service: Service, worker: WorkerLife?, audit: OpenAudit? = nil) -> Readiness {
        let ports = service.ports
        let clock = clock
        let onlyMakesFiles = audit == nil
        let jobs = Readiness.Check("jobs") {
            guard let reporting = ports.jobs as? any HealthReporting else {
                _ = try await ports.jobs.now()
                return
            }
            for component in await reporting.health() { try component.problem.map { throw $0 } }
        }
        let stores = [
            Readiness.Check("files", isNeeded: onlyMakesFiles) { _ = try await ports.files.size(of: "ready") },
            Readiness.Check("catalogue") { _ = try await ports.sources.catalogue.batches(ids: []) },
        ]
        let audits = audit.map { audit in
            // Nothing is done that cannot be written down.
            [Readiness.Check("audit") { _ = try await audit.log.entries(AuditQuery(limit: 1)) }]
        }
        let outside = service.components.map { Self.check($0, isNeeded: onlyMakesFiles) }
        return Readiness(
            [jobs] + stores + (audits ?? []) + outside + (worker.map { [$0.check] } ?? []),
            sleep: { try await clock.sleep(seconds: $0) })
    }
}

/// How many files and connections the process may have open.
enum OpenFiles {
    /// Kept for stores, logs and workers.
    static let reserved = 512

    /// Raises the limit to what the system allows; answers it.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        let wanted = min(limit.rlim_max, 1 << 20)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(reserved + 64, Int(limit.rlim_cur))
    }
}
