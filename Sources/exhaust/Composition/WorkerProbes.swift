import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts

/// `/health` and its like for a worker, so that whoever looks after many finds the one that hangs. Nothing else is answered.
struct WorkerProbes: Sendable {
    private let options: HTTPServerOptions
    private let handler: APIHandler
    private let log: any EventLog

    /// Throws `invalidInput` for an address that is none.
    init(_ composition: Composition, _ service: Service, _ parts: ObservedParts, listen: String) throws {
        var options = try composition.serverOptions(listen: listen)
        // Asked from beside it, by name of the machine or by none.
        options.tls = nil
        options.threads = 1
        options.connections = 64
        options.connectionsPerAddress = 64
        self.options = options
        log = composition.log
        handler = APIHandler(
            table: RouteTable(
                OperationRoutes.make(
                    composition.readiness(of: service, worker: parts.worker),
                    composition.metricsReport(parts.metrics, of: service, parts.process))), access: NobodyIsKnown(),
            clock: composition.clock, observer: WebLog(composition.log, parts.metrics))
    }

    /// Answers while `body` runs. Throws what it throws, and `unavailable` if the address cannot be had.
    func serving(_ body: @Sendable () async throws -> Void) async throws {
        try await HTTPServer.serving(options, handler: handler) { server in
            log.log(.info, "probes-started", [("address", .string("http://\(server.address)/"))])
            try await body()
        }
    }
}

/// For a server that has nothing to protect, since it serves nothing that needs a caller.
private struct NobodyIsKnown: AccessControl {
    func caller(of request: HTTPRequest) async throws -> Caller { throw Self.refusal }

    func admit(_ caller: Caller) throws(ExhaustError) { throw Self.refusal }

    func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError) {
        throw Self.refusal
    }

    func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError) { throw Self.refusal }

    private static let refusal = ExhaustError(.forbidden, "a worker answers only how it is")
}
