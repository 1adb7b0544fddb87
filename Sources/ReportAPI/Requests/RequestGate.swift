import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// The one door to requests: what a caller may not see does not exist (design.md 9).
struct RequestGate: Sendable {
    let ports: APIPorts

    /// The request of these path parameters, for `caller`. Throws `notFound` also for what belongs to others.
    func document(_ request: APIRequest, for caller: Caller) async throws -> RequestDocument {
        let id = try request.parameter("requestId")
        let key = RequestKey(tag: "\(try request.parameter("tag")):\(caller.channel)", requestID: id)
        guard let document = try await document(key, for: caller) else { throw Self.missing(id) }
        return document
    }

    /// The request of that key; nil if there is none, or none that `caller` may see.
    func document(_ key: RequestKey, for caller: Caller) async throws -> RequestDocument? {
        guard let stored = try await ports.service.jobs.request(key.requestID, tag: key.tag) else { return nil }
        let document = try await ports.viewing.document(of: stored)
        return try await mayShow(document, to: caller) ? document : nil
    }

    /// Those of `documents` that `caller` may see.
    func visible(_ documents: [RequestDocument], to caller: Caller) async throws -> [RequestDocument] {
        var roles: [String: DatasetMetadata?] = [:]
        var visible: [RequestDocument] = []
        for document in documents {
            let report = document.request.reportID
            let metadata: DatasetMetadata?
            if let known = roles[report] {
                metadata = known
            } else {
                metadata = try await ports.datasets.dataset(subID: report)
                roles[report] = .some(metadata)
            }
            if try allows(document, caller, metadata) { visible.append(document) }
        }
        return visible
    }

    func mayShow(_ document: RequestDocument, to caller: Caller) async throws -> Bool {
        try allows(document, caller, try await ports.datasets.dataset(subID: document.request.reportID))
    }

    /// Throws `forbidden` unless `caller` may have reports of `dataset` about `batches`.
    func check(_ caller: Caller, dataset: String, batches: [BatchRecord]) async throws {
        try ports.access.check(caller, dataset: dataset, metadata: try await ports.datasets.dataset(subID: dataset))
        try ports.access.check(caller, batches: batches)
    }

    /// Whether `caller` may have only batches that they made or mentor.
    func isLimitedToOwnBatches(_ caller: Caller) throws -> Bool {
        // A batch that nobody made and nobody mentors is open to those alone who may have every batch.
        try !isAllowed { () throws(ExhaustError) in try ports.access.check(caller, batches: [Self.nobodysBatch]) }
    }

    /// Whether `caller` may have a report about this batch.
    func isAllowed(_ caller: Caller, batch: BatchRecord) throws -> Bool {
        try isAllowed { () throws(ExhaustError) in try ports.access.check(caller, batches: [batch]) }
    }

    /// Why `caller` may not have reports of `dataset`; nil if they may.
    func objection(to caller: Caller, dataset: String) async throws -> ExhaustError? {
        let metadata = try await ports.datasets.dataset(subID: dataset)
        do {
            try ports.access.check(caller, dataset: dataset, metadata: metadata)
            return nil
        } catch  where error.code == .forbidden {
            return error
        }
    }

    private func allows(_ document: RequestDocument, _ caller: Caller, _ metadata: DatasetMetadata?) throws -> Bool {
        let request = document.request
        guard request.requestedChannel == caller.channel else { return false }
        // The batches of a search are not known before it ran; who asked was checked then.
        let isOwn = caller.userID != nil && caller.userID == request.requestedBy
        let batches = document.batches?.map { $0.record ?? Self.nobodysBatch }
        if batches == nil, isOwn {
            return try isAllowed { () throws(ExhaustError) in
                try ports.access.check(caller, dataset: request.reportID, metadata: metadata)
            }
        }
        return try isAllowed { () throws(ExhaustError) in
            try ports.access.check(caller, dataset: request.reportID, metadata: metadata)
            try ports.access.check(caller, batches: batches ?? [Self.nobodysBatch])
        }
    }

    private func isAllowed(_ check: () throws(ExhaustError) -> Void) throws -> Bool {
        do {
            try check()
            return true
        } catch  where error.code == .forbidden {
            return false
        }
    }

    private static let nobodysBatch = BatchRecord(key: BatchKey(collection: "", batch: ""))

    static func missing(_ id: String) -> ExhaustError {
        ExhaustError(
            .notFound, "request \(id.prefix(100)): there is none",
            remedy: "The list shows the requests that you may see.")
    }
}
