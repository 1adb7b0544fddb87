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
        let stored = try await stored(id, tag: try request.parameter("tag"), for: caller)
        return try await ports.viewing.document(of: stored)
    }

    private func stored(_ id: String, tag: String, for caller: Caller) async throws -> StoredRequest {
        var refusal: ExhaustError?
        // Rows of other programs can have tags without a channel; lists show these as they are.
        for tag in ["\(tag):\(caller.channel)", tag] {
            guard let found = try await ports.service.jobs.request(id, tag: tag) else { continue }
            let seen = try await sight.look(at: [found], as: caller)
            if let stored = seen.visible.first { return stored }
            refusal = refusal ?? seen.refusal
        }
        if refusal == nil { refusal = try await sight.refusalOfForeign(id, to: caller) }
        throw Self.missing(id, because: refusal)
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

    /// What is told of a request that is not there, and of one that may not be seen; `refusal` is why, for the audit log.
    static func missing(_ id: String, because refusal: ExhaustError? = nil) -> ExhaustError {
        var hidden = refusal?.cause as? RefusedCaller
        hidden?.reason = refusal?.message
        return ExhaustError(
            .notFound, "request \(id.prefix(100)): there is none",
            remedy: "The list shows the requests that you may see.", cause: hidden)
    }
}
