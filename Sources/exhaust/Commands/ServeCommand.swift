import HTTPServer
import ReportAPI
import ReportModel
import ReportPage
import ReportPorts
import ReportService

/// `exhaust serve`
enum ServeCommand {
    private static let work = Parameter.flag("work", "Work on requests too, in the same process.")
    private static let workers = Parameter.option("workers", "N", "Requests worked on at once; with --work.")
    private static let listen = Parameter.option(
        "listen", "ADDRESS", "IP address and port; the setting http.listen otherwise.")

    static let command = Command(
        "serve", summary: "The request API and the web page; with --work also a worker.",
        details: """
            Ctrl-C or SIGTERM stops cleanly: no more connections are taken, answers that are under way end, and what a \
            worker has in hand is given back and goes on elsewhere.
            """,
        parameters: [work, workers, listen]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let parallel = try arguments.number(workers, 1...64)
        guard parallel == nil || arguments.has(work) else {
            throw UsageError("--workers: it goes with --work", remedy: "Add --work.")
        }
        let options = try composition.serverOptions(listen: arguments.value(listen))
        return try await composition.service(in: composition.folder()).closing { service in
            try await StopSignals.cancelling {
                try await run(service, composition, options, worker: arguments.has(work) ? parallel ?? 0 : nil)
            }
            return .success
        }
    }

    /// Serves until the task is cancelled. `worker` is how many requests are worked on at once, 0 as the settings say, nil none.
    private static func run(
        _ service: Service, _ composition: Composition, _ options: HTTPServerOptions, worker: Int?
    ) async throws {
        let handler = try composition.handler(of: service)
        try await HTTPServer.serving(options, handler: handler) { server in
            let scheme = options.tls == nil ? "http" : "https"
            composition.log.log(
                .info, "server-started", [("address", .string("\(scheme)://\(server.address)/"))])
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let worker {
                    group.addTask {
                        let worker = service.worker(
                            observer: WorkerObserver(), parallelRequests: worker > 0 ? worker : nil)
                        try await worker.run(.forever)
                    }
                    group.addTask { try await WorkCommand.sweep(service, composition) }
                }
                group.addTask { try await composition.clock.sleepUntilCancelled() }
                // Whatever ends first, a stop or a failure, ends all.
                defer { group.cancelAll() }
                while !Task.isCancelled, try await group.next() != nil {}
            }
        }
        composition.log.log(.info, "server-stopped", [])
    }
}

extension SystemClock {
    /// Waits for the task's cancellation, which it does not throw.
    func sleepUntilCancelled() async throws {
        while !Task.isCancelled {
            do { try await sleep(seconds: 86_400) } catch is CancellationError { return }
        }
    }
}
