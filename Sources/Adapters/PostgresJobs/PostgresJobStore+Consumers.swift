import PostgresAccess
import ReportModel
public import ReportPorts

/// The deployment's table `consumer_channel_mapping`, beside its `job_request` (upstream.md 1.3). We only read it.
extension PostgresJobStore: ConsumerTable {
    /// Rows that are held in memory at the most.
    public static let consumerLimit = 100_000

    /// As `ConsumerTable.allowedConsumers`; a row without a consumer or channel allows nobody. Throws `unavailable` if the
    /// deployment has no such table, `limitExceeded` if it has more than `consumerLimit` rows.
    public func allowedConsumers() async throws -> [ConsumerChannel] {
        let table = sql.tables.consumer
        // Whole numbers of any width, or text: versions of the table differ.
        let select = """
            SELECT consumer_id::text, channel::text FROM \(table)
            WHERE status::text = '1' AND consumer_id::text <> '' AND channel::text <> '' ORDER BY 1, 2
            LIMIT \(Self.consumerLimit + 1)
            """
        return try await pool.run { connection in
            let rows: PostgresRows
            do {
                rows = try connection.query(select)
            } catch  where DatasetCells.isMissingTable(error) {
                throw ExhaustError(
                    .unavailable, "consumers: the database has no table \(table)",
                    remedy: "Make it as the deployment does, or turn access.consumers off.", mender: .operator,
                    cause: error)
            }
            guard rows.count <= Self.consumerLimit else {
                throw ExhaustError(
                    .limitExceeded, "\(table): over \(Self.consumerLimit) rows",
                    remedy: "Remove consumers that are not used.", mender: .operator)
            }
            return (0..<rows.count).map {
                ConsumerChannel(consumer: rows.text($0, 0) ?? "", channel: rows.text($0, 1) ?? "")
            }
        }
    }
}
