public import ReportModel
public import ReportPorts

extension Submitting {
    /// The batches that `config` names or finds now. Throws `notFound` or `refused` if there are none.
    public func batches(of config: DatasetConfig, channel: String) async throws -> [BatchRecord] {
        try await BatchResolver(catalogue: ports.sources.catalogue).resolve(config, channel: channel).batches.map(
            \.batch)
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

    /// Ids of the batches that are known to have been made: those of files, receipts and finished batches, of this run
    /// and of the one whose files can still be had.
    public var madeBatches: Set<String> {
        var ids = Set(request.processedBatches.map(\.batchID))
        ids.formUnion((run?.files ?? []).map(\.batch.batch))
        ids.formUnion(RequestDocument.closedReceipts(of: self).compactMap { $0["batch"]?["id"]?.text })
        return ids
    }

    /// Nil for a row of another program that is none of ours.
    private var config: JSONValue? { JSONValue.ifReadable(request.requestData)?.droppingNullMembers() }
}
