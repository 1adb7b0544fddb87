import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// The door to requests for our own routes: what a caller may not see does not exist (design.md 9).
struct RequestGate: Sendable {
    let ports: APIPorts
    let sight: RequestSight

    init(ports: APIPorts) {
        self.ports = ports
        sight = RequestSight(ports: ports)
    }

    /// The request of these path parameters, for `caller`. Throws `notFound` also for what belongs to others.
    func document(_ request: APIRequest, for caller: Caller) async throws -> RequestDocument {
        let id = try request.parameter("requestId")
        let key = RequestKey(tag: "\(try request.parameter("tag")):\(caller.channel)", requestID: id)
        return try await ports.viewing.document(of: try await stored(key, for: caller))
    }

    /// The request of that key. Throws `notFound` if there is none that `caller` may see.
    func stored(_ key: RequestKey, for caller: Caller) async throws -> StoredRequest {
        let found = try await ports.service.jobs.request(key.requestID, tag: key.tag).map { [$0] } ?? []
        guard let stored = try await sight.look(at: found, as: caller).visible.first else {
            throw Self.missing(key.requestID)
        }
        return stored
    }

    /// Throws `forbidden` unless `caller` may have reports of `dataset` about `batches`.
    func check(_ caller: Caller, dataset: String, batches: [BatchRecord]) async throws {
        try ports.access.check(caller, dataset: dataset, metadata: try await ports.datasets.dataset(subID: dataset))
        try ports.access.check(caller, batches: batches)
    }

    /// Why `caller` may not have reports of `dataset`; nil if they may.
    func objection(to caller: Caller, dataset: String) async throws -> ExhaustError? {
        let metadata = try await ports.datasets.dataset(subID: dataset)
        return try ExhaustError.refusal { () throws(ExhaustError) in
            try ports.access.check(caller, dataset: dataset, metadata: metadata)
        }
    }

    static func missing(_ id: String) -> ExhaustError {
        ExhaustError(
            .notFound, "request \(id.prefix(100)): there is none",
            remedy: "The list shows the requests that you may see.")
    }
}
