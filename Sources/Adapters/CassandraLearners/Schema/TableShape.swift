/// A table as the server describes it.
struct TableShape: Sendable, Hashable {
    /// Columns of the partition key, in order.
    var partitionKey: [String] = []
    /// Clustering columns, in order.
    var clusteringKey: [String] = []
    /// Types by column name.
    var types: [String: String] = [:]

    /// `column`, or a null of the same type where an old deployment has no such column.
    func has(_ column: String) -> Bool { types[column] != nil }
}

/// The tables of a deployment, by `keyspace.table`, and the fields of its user-defined types.
struct CassandraSchema: Sendable, Hashable {
    var tables: [String: TableShape] = [:]
    /// Names of fields in their order, by `keyspace.type`.
    var fields: [String: [String]] = [:]
    var keyspaces: Set<String> = []
}
