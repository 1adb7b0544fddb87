import BlockingWork
import ReportModel
public import ReportPorts
import SQLiteAccess

extension SQLiteCatalogue: ConsumerTable {
    /// Consumers that are read at the most.
    public static let consumerLimit = 100_000

    /// From `consumer_channel`; a row without a consumer or channel allows nobody. None before the first import.
    /// Throws `limitExceeded` if there are more than `consumerLimit`.
    public func allowedConsumers() async throws -> [ConsumerChannel] {
        let sql = """
            SELECT consumer_id, channel FROM consumer_channel
            WHERE status = 1 AND consumer_id <> '' AND channel <> '' ORDER BY 1, 2 LIMIT \(Self.consumerLimit + 1)
            """
        do {
            let consumers = try await read { database in
                try database.with(sql) { row in
                    var consumers: [ConsumerChannel] = []
                    while try row.step() {
                        consumers.append(ConsumerChannel(consumer: row.text(0) ?? "", channel: row.text(1) ?? ""))
                    }
                    return consumers
                }
            }
            guard consumers.count <= Self.consumerLimit else {
                throw ExhaustError(
                    .limitExceeded, "consumer_channel: over \(Self.consumerLimit) rows",
                    remedy: "Remove consumers that are not used.", mender: .operator)
            }
            return consumers
        } catch let error as ExhaustError where error.code == .notFound {
            return []
        }
    }
}
