public import ReportModel
import ReportPorts

extension Submitting {
    /// The batches that `config` names or finds now. Throws `notFound` or `refused` if there are none.
    public func batches(of config: DatasetConfig, channel: String) async throws -> [BatchRecord] {
        try await BatchResolver(catalogue: ports.sources.catalogue).resolve(config, channel: channel).batches.map(
            \.batch)
    }
}
