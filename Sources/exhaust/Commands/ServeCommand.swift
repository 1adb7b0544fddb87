import HTTPServer
import ReportModel

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
        let folder = try composition.folder()
        return try await composition.service(in: folder).closing { service in
            let serving = Serving(
                service: service, composition: composition, folder: folder, options: options,
                parallelRequests: arguments.has(work) ? parallel ?? 0 : nil)
            try await StopSignals.cancelling {
                try await serving.run { address in try console.print("Serving at \(address)\n") }
            }
            return .success
        }
    }
}
