import ReportModel
import ReportPorts
import ReportRows

/// What the deployment says of a dataset: who may have it, and what a submission must look like.
struct DatasetRules: Sendable {
    /// The rows that count for one submission.
    struct Rows: Sendable {
        /// The id of the dataset.
        var dataset: String
        /// Whether it is a report of ours.
        var isOurs: Bool
        /// The dataset's own row.
        var base: DatasetMetadata?
        /// The row of `datasetConfig.type`.
        var special: DatasetMetadata?

        /// Whether somebody added the dataset, or a part of it.
        var isAdded: Bool { base != nil || special?.datasetID == dataset }
    }

    let ports: APIPorts
    /// Where rows are read.
    let datasets: any DatasetStore

    init(ports: APIPorts, datasets: (any DatasetStore)? = nil) {
        self.ports = ports
        self.datasets = datasets ?? ports.datasets
    }

    /// The rows of `dataset`, by id or alias, and of its type. Upstream looks for the type alone, which lets any type without
    /// a row by-pass the dataset's own roles and schema (upstream.md 2.14, 17); here both count.
    func rows(of dataset: String, type: String?) async throws -> Rows {
        let report: (any ReportDefinition)?
        do { report = try ports.registry.report(named: dataset) } catch { report = nil }
        let id = report?.id ?? dataset
        var rows = Rows(dataset: id, isOurs: report != nil)
        rows.base = id.isEmpty ? nil : try await datasets.dataset(subID: id)
        if let type, type != id { rows.special = try await datasets.dataset(subID: type) }
        return rows
    }

    /// Throws `forbidden` unless `caller` may have the dataset by every row that counts. The setting's roles count where the
    /// dataset has no row of its own; the row of one of its types can stand for it if other programs make it.
    func check(_ caller: Caller, _ rows: Rows) throws(ExhaustError) {
        if let special = rows.special { try ports.access.check(caller, dataset: rows.dataset, metadata: special) }
        let isCovered = !rows.isOurs && rows.base == nil && rows.special?.datasetID == rows.dataset
        if !isCovered { try ports.access.check(caller, dataset: rows.dataset, metadata: rows.base) }
    }

    /// Throws what `asked` lacks, in upstream's words: by the schemas of the rows, else the three members (upstream.md 2.4).
    func checkForm(_ asked: AskedDataset, _ rows: Rows) async throws {
        let strict = [rows.base, rows.special].compactMap { $0 }.filter { $0.validation.map { !$0.isNull } ?? false }
        guard !strict.isEmpty else { return try asked.requireMembers() }
        for row in strict {
            let failure = try await ports.schemas.failure(of: asked.request, by: row)
            if let failure { throw ExhaustError.badRequest("Request \(failure)") }
        }
        // No schema can make up for what nobody makes.
        if asked.dataset == nil { throw ExhaustError.badRequest("\(asked.names.dataset) is empty") }
    }
}
