import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportService

/// API and page, perhaps with a worker, until the program is told to stop: what `serve` and `demo` share.
struct Serving: Sendable {
    let service: Service
    let composition: Composition
    let folder: DataFolder
    let options: HTTPServerOptions
    /// Requests that a worker in this process works on at once: 0 as the settings say, nil for no worker.
    let parallelRequests: Int?

    /// Serves until the task is cancelled; then a worker gives back what it has in hand, and answers under way end.
    /// `ready` is told the address when connections are taken.
    func run(ready: @Sendable (String) throws -> Void) async throws {
        let metrics = ServiceMetrics()
        let worker = parallelRequests.map { _ in
            WorkerLife(metrics, clock: composition.clock, heartbeatSeconds: service.settings.heartbeatSeconds)
        }
        let parts = ObservedParts(metrics: metrics, process: ProcessUse(), worker: worker)
        let web = try await WebService.open(service, composition, in: folder, options, parts)
        do {
            try await HTTPServer.serving(options, handler: web.handler) { server in
                let address = "\(options.tls == nil ? "http" : "https")://\(server.address)/"
                composition.log.log(.info, "server-started", [("address", .string(address))])
                parts.process.watch(server)
                defer { parts.process.watch(nil) }
                try ready(address)
                try await work(web, worker)
            }
        } catch {
            await web.close()
            throw error
        }
        await web.close()
        composition.log.log(.info, "server-stopped", [])
    }

    private func work(_ web: WebService, _ life: WorkerLife?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await composition.sweepAuditForever(web.audit) }
            group.addTask { await web.watch.run() }
            if let parallelRequests, let life {
                group.addTask {
                    let worker = service.worker(
                        observer: life.observer(), parallelRequests: parallelRequests > 0 ? parallelRequests : nil)
                    try await worker.run(.forever)
                }
                group.addTask { try await WorkCommand.sweep(service, composition) }
            }
            // The first end is a stop or a failure: either ends all.
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch is CancellationError where Task.isCancelled {
                return
            }
        }
    }
}
