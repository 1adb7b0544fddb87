import ReportModel
import ReportPorts
import ReportService

/// Which requests a caller may see: those of the own channel, whose dataset is open to their roles and whose batches are
/// open to them (design.md 9).
struct RequestSight: Sendable {
    let ports: APIPorts
    let rules: DatasetRules

    /// Those of `requests` that `caller` may see. If there are some and none may be seen, throws why the first may not.
    func visible(_ requests: [StoredRequest], to caller: Caller) async throws -> [StoredRequest] {
        let (visible, refusal) = try await look(at: requests, as: caller)
        if visible.isEmpty, let refusal { throw refusal }
        return visible
    }

    /// Those of `requests` that `caller` may see, and why the first of the others may not be seen.
    func look(
        at requests: [StoredRequest], as caller: Caller
    ) async throws -> (visible: [StoredRequest], refusal: ExhaustError?) {
        var visible: [StoredRequest] = []
        var refusal: ExhaustError?
        for stored in requests {
            if let objection = try await objection(to: caller, seeing: stored) {
                refusal = refusal ?? objection
            } else {
                visible.append(stored)
            }
        }
        return (visible, refusal)
    }

    private func objection(to caller: Caller, seeing stored: StoredRequest) async throws -> ExhaustError? {
        guard stored.request.requestedChannel == caller.channel else { return .notAuthorised }
        // Other programs of the platform and the demo are bound to the channel alone.
        if caller.credential == .consumer || caller.credential == .demo { return nil }
        do {
            let config = JobView(request: stored.request, links: [], linksExpireAt: stored.request.submittedAt).config
            let rows = try await rules.rows(of: stored.request.reportID, type: config["type"]?.text)
            try rules.check(caller, rows)
            guard rules.isLimitedToOwnBatches(caller) else { return nil }
            try ports.access.check(caller, batches: try await batches(of: stored, config, for: caller))
            return nil
        } catch let error as ExhaustError where error.code == .forbidden {
            return error
        }
    }

    /// The batches of a request: those of its files, and those that it names. Whoever searched was asked about the hits then.
    private func batches(of stored: StoredRequest, _ config: JSONValue, for caller: Caller) async throws
        -> [BatchRecord]
    {
        var ids = Set((stored.run?.files ?? []).map(\.batch.batch) + stored.request.processedBatches.map(\.batchID))
        switch config["batchId"]?.text {
        case .some(let id): ids.insert(id)
        case nil: ids.formUnion((config["batchFilter"]?.elements ?? []).compactMap(\.text))
        }
        if ids.isEmpty {
            let isOwn = caller.userID != nil && stored.request.requestedBy == caller.userID
            return isOwn ? [] : [DatasetRules.nobodysBatch]
        }
        let records = try await ports.service.sources.catalogue.batches(ids: ids.sorted())
        // A batch that is gone is nobody's.
        let isComplete = ids.isSubset(of: records.map(\.key.batch))
        return isComplete ? records : records + [DatasetRules.nobodysBatch]
    }
}
