import ReportAPI
import ReportModel
import ReportPorts
import ReportRows
import ReportService

/// `exhaust work`
enum WorkCommand {
    private static let once = Parameter.flag("once", "Do what waits, then end (for cron).")
    private static let report = Parameter.option("report", "ID", isRepeatable: true, "Only requests for this report.")
    private static let workers = Parameter.option("workers", "N", "Requests worked on at once.")
    private static let listen = Parameter.option(
        "listen", "ADDRESS", "Answer /health, /ready and /metrics there, such as 0.0.0.0:8081, and nothing else.")

    static let command = Command(
        "work", summary: "A worker: takes requests and makes their files.",
        details: """
            Several workers may share a data folder; each request is worked on by one of them at a time, and taken over \
            from a worker that dies. Ctrl-C or SIGTERM stops cleanly: what is under way is given back and goes on elsewhere.
            """,
        parameters: [once, report, workers, listen]
    ) { arguments, console in
        MemoryHabits.adopt()
        let composition = try Composition(arguments, console)
        let parallel = try arguments.number(workers, 1...64)
        let reports = Set(
            try arguments.values(report).map { try composition.registry.report(named: $0).id })
        let mode: Worker.Mode = arguments.has(once) ? .once : .forever
        return try await composition.service(in: composition.folder()).closing { service in
            let progress = RunProgressLine(console: console, clock: composition.clock)
            let metrics = ServiceMetrics()
            let life = WorkerLife(
                metrics, clock: composition.clock, heartbeatSeconds: service.settings.heartbeatSeconds)
            let parts = ObservedParts(metrics: metrics, process: ProcessUse(), worker: life)
            let worker = service.worker(observer: life.observer(and: progress.observer), parallelRequests: parallel)
            composition.log.log(.info, "worker-started", [])
            let work: @Sendable () async throws -> Void = {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await progress.show() }
                    if mode == .forever { group.addTask { try await sweep(service, composition) } }
                    try await worker.run(mode, reports: reports)
                    group.cancelAll()
                }
            }
            let probes = try arguments.value(listen).map { try WorkerProbes(composition, service, parts, listen: $0) }
            try await StopSignals.cancelling {
                if let probes { try await probes.serving(work) } else { try await work() }
            }
            composition.log.log(.info, "worker-stopped", [])
            return .success
        }
    }

    /// How often leftovers are swept, in seconds.
    private static let sweepSeconds = 3600.0

    static func sweep(_ service: Service, _ composition: Composition) async throws {
        while true {
            do {
                let removed = try await Housekeeping(
                    ports: service.ports, reports: composition.registry.names()
                ).sweep()
                composition.log.log(
                    .debug, "swept",
                    [("staged", .integer(removed.stagedFiles)), ("runs", .integer(removed.partRuns))])
            } catch let error as ExhaustError {
                composition.log.log(.warning, "sweep-failed", [("error", .string(error.description))])
            }
            try await composition.clock.sleep(seconds: sweepSeconds)
        }
    }
}
