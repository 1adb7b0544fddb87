import ReportModel
import ReportPorts
import ReportService

/// Which requests a caller may see, and whose files they may have: those of the own channel, whose dataset is open to their
/// roles and whose batches are open to them (design.md 9). Dialects, our own routes, events and links all ask here.
struct RequestSight: Sendable {
    /// What was found out about several requests.
    struct Finding: Sendable {
        /// Those that may be seen, in their order.
        var visible: [StoredRequest] = []
        /// Why the first of the others may not be seen; nil if there are none.
        var refusal: ExhaustError?
    }

    let ports: APIPorts
    let rules: DatasetRules

    /// By what `ports` say; `datasets` instead of theirs where many questions come in a row.
    init(ports: APIPorts, datasets: (any DatasetStore)? = nil) {
        self.ports = ports
        rules = DatasetRules(ports: ports, datasets: datasets ?? ports.datasets)
    }

    /// Looks at `requests`, with one look into the catalogue for all of them, and one at each dataset.
    func look(at requests: [StoredRequest], as caller: Caller) async throws -> Finding {
        try await look(at: requests, as: caller, knowing: [:])
    }

    /// Whether `caller` may see a request whose batches were looked up already.
    func maySee(_ document: RequestDocument, _ caller: Caller) async throws -> Bool {
        let known = Dictionary(grouping: document.batches ?? [], by: \.id).mapValues { $0.compactMap(\.record) }
        return try await !look(at: [document.stored], as: caller, knowing: known).visible.isEmpty
    }

    /// `knowing` has the rows of batches by id; an id with no row is gone from the catalogue.
    private func look(
        at requests: [StoredRequest], as caller: Caller, knowing known: [String: [BatchRecord]]
    ) async throws -> Finding {
        // Other programs of the platform and the demo are bound to the channel alone.
        let isBoundToChannel = caller.credential == .consumer || caller.credential == .demo
        var refusals: [ExhaustError?] = []
        var datasets: [DatasetName: DatasetRules.Rows] = [:]
        for stored in requests {
            guard stored.request.requestedChannel == caller.channel else {
                refusals.append(.refusing(caller))
                continue
            }
            refusals.append(isBoundToChannel ? nil : try await refusal(to: caller, stored, &datasets))
        }
        if try !isBoundToChannel && ports.access.isLimitedToOwnBatches(caller) {
            let batches = try await records(of: zip(requests, refusals).filter { $0.1 == nil }.map(\.0), known)
            for (place, stored) in requests.enumerated() where refusals[place] == nil {
                refusals[place] = try refusal(to: caller, stored, batches)
            }
        }
        let first = zip(requests, refusals).lazy.compactMap { stored, refusal in refusal.map { (stored.request, $0) } }
            .first
        return Finding(
            visible: zip(requests, refusals).filter { $0.1 == nil }.map(\.0),
            refusal: first.map { $1.refusing(caller, about: $0.key, report: $0.reportID) })
    }

    /// Why `caller`, in whose channel there is no request of that id, may not see the one of another channel; nil if there
    /// is none. Looked for only so often as refusals are written down, since job tables need not have an index for it.
    func refusalOfForeign(_ id: String, to caller: Caller) async throws -> ExhaustError? {
        let name = "\(caller.channel)\n\(caller.userID ?? "")\n\(caller.consumerID ?? "")"
        guard ports.foreignLooks.take(name, at: ports.clock.now()) == nil else { return nil }
        do {
            guard let request = try await ports.service.jobs.request(id, tag: nil)?.request,
                request.requestedChannel != caller.channel
            else { return nil }
            return ExhaustError.notAuthorised.refusing(caller, about: request.key, report: request.reportID)
        } catch let error as ExhaustError where error.code == .dataDamaged {
            // What is wrong with a row of others is nothing for this caller to hear.
            return nil
        }
    }

    private struct DatasetName: Hashable {
        let report: String
        let type: String?
    }

    private func refusal(
        to caller: Caller, _ stored: StoredRequest, _ datasets: inout [DatasetName: DatasetRules.Rows]
    ) async throws -> ExhaustError? {
        let name = DatasetName(report: stored.request.reportID, type: stored.datasetType)
        let rows: DatasetRules.Rows
        if let known = datasets[name] {
            rows = known
        } else {
            rows = try await rules.rows(of: name.report, type: name.type)
            datasets[name] = rows
        }
        return try ExhaustError.refusal { () throws(ExhaustError) in try rules.check(caller, rows) }
    }

    /// What is known to be made counts beside what is named: files of an earlier run can be had until new ones are there.
    private func refusal(
        to caller: Caller, _ stored: StoredRequest, _ records: [String: [BatchRecord]]
    ) throws -> ExhaustError? {
        let wanted = stored.batches
        let hasFiles = !stored.request.downloadPaths.isEmpty
        if wanted.isEmpty, !hasFiles {
            // Nobody knows yet what a search finds; whoever asked was asked about it then.
            let isOwn = caller.userID != nil && stored.request.requestedBy == caller.userID
            if isOwn { return nil }
        }
        // While another program's request is made anew, nothing says any more what is in the files that it had.
        let isUnsaid = hasFiles && stored.madeBatches.isEmpty && stored.request.status != .success
        // A batch that is gone is nobody's.
        let batches = wanted.flatMap { batch in
            let rows = batch.matching(records[batch.id] ?? [])
            return rows.isEmpty ? [BatchRecord.nobodys] : rows
        }
        return try ExhaustError.refusal { () throws(ExhaustError) in
            try ports.access.check(caller, batches: batches.isEmpty || isUnsaid ? [.nobodys] : batches)
        }
    }

    /// The rows of all batches of these requests, by id.
    private func records(
        of requests: [StoredRequest], _ known: [String: [BatchRecord]]
    ) async throws -> [String: [BatchRecord]] {
        let unknown = requests.filter { !$0.batches.allSatisfy { known[$0.id] != nil } }
        if unknown.isEmpty { return known }
        return try await ports.service.sources.catalogue.batches(of: unknown)
            .merging(known) { found, known in known.isEmpty ? found : known }
    }
}
