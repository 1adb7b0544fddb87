public import ReportModel
public import ReportPorts

extension Submitting {
    /// The batches that `config` names or finds now; `tag` is the request's, which often names the collection. Throws
    /// `notFound` or `refused` if there are none.
    public func batches(of config: DatasetConfig, channel: String, tag: String?) async throws -> [BatchRecord] {
        try await BatchResolver(catalogue: ports.sources.catalogue)
            .resolve(config, channel: channel, tag: tag).batches.map(\.batch)
    }
}

/// A batch of which there is, or was, a file.
public struct MadeBatch: Sendable, Hashable {
    /// `batchid`.
    public var id: String
    /// The collection; nil where it is not known, and the id stands for every batch that has it.
    public var collection: String?

    /// Those of `records`, all of which have the id, that it can be.
    public func matching(_ records: [BatchRecord]) -> [BatchRecord] {
        collection.map { collection in records.filter { $0.key.collection == collection } } ?? records
    }
}

extension StoredRequest {
    /// `datasetConfig.type`, by which a dataset can have rules of its own; nil without one.
    public var datasetType: String? { config?["type"]?.text }

    /// Ids of the batches that the request names, by `batchId` or `batchFilter`; nil for a search and for a row of another
    /// program that names none.
    public var namedBatches: Set<String>? {
        guard let config else { return nil }
        if let id = config["batchId"]?.text { return [id] }
        return (config["batchFilter"]?.elements).map { Set($0.compactMap(\.text)) }
    }

    /// The batches that are known to have been made: those of files, receipts and finished batches, of this run and of the
    /// one whose files can still be had.
    public var madeBatches: Set<MadeBatch> {
        let files = (run?.files ?? []) + (run?.earlierFiles ?? [])
        var made = Set(files.map { MadeBatch(id: $0.batch.batch, collection: $0.batch.collection) })
        for receipt in RequestDocument.closedReceipts(of: self) {
            guard let id = receipt["batch"]?["id"]?.text else { continue }
            made.insert(MadeBatch(id: id, collection: receipt["batch"]?["collectionId"]?.text))
        }
        // Rows name no collection, which counts where nothing else tells of the batch.
        let told = Set(made.map(\.id))
        let others = request.processedBatches.map(\.batchID).filter { !told.contains($0) }
        return made.union(others.map { MadeBatch(id: $0, collection: nil) })
    }

    /// All batches that its files are, or will be, about, as far as they are known.
    public var batches: Set<MadeBatch> {
        madeBatches.union((namedBatches ?? []).map { MadeBatch(id: $0, collection: nil) })
    }

    /// Nil for a row of another program that is none of ours.
    private var config: JSONValue? { JSONValue.ifReadable(request.requestData)?.droppingNullMembers() }
}

extension CatalogueSource {
    /// The rows of all batches of these requests, by id. Where every request that names an id says in which collection it
    /// is likely to be, it is looked for there first, as the run does.
    public func batches(of requests: [StoredRequest]) async throws -> [String: [BatchRecord]] {
        var likely: [String: Set<String>] = [:]
        var anywhere: Set<String> = []
        for stored in requests {
            for batch in stored.batches {
                let named =
                    batch.collection.map { [$0] }
                    ?? BatchResolver.collections(namedBy: stored.request.tag, batches: [batch.id])
                if named.isEmpty { anywhere.insert(batch.id) }
                likely[batch.id, default: []].formUnion(named)
            }
        }
        let hinted = likely.filter { !anywhere.contains($0.key) }
        var records: [BatchRecord] = []
        if !hinted.isEmpty {
            let collections = hinted.values.reduce(into: Set<String>()) { $0.formUnion($1) }
            records += try await batches(ids: hinted.keys.sorted(), likelyIn: collections.sorted())
        }
        if !anywhere.isEmpty { records += try await batches(ids: anywhere.sorted()) }
        return Dictionary(grouping: records, by: \.key.batch)
    }
}
