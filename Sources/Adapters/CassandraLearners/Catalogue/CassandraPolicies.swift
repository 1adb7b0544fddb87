import CassandraAccess
public import ReportModel
public import ReportPorts

/// What organisations demand, from `tenant_preference_v2` and `organisation` (upstream.md 1.9), where no service tells it.
public struct CassandraPolicies: PolicySource {
    /// Reads the public key that a row names: a PEM text, or an address where one is.
    public typealias KeyReader = @Sendable (_ place: String, _ organisation: String) async throws -> [UInt8]

    private let source: CassandraSource
    private let readKey: KeyReader

    /// Policies of the cluster; keys are read by `readKey`.
    public init(_ source: CassandraSource, readKey: @escaping KeyReader) {
        self.source = source
        self.readKey = readKey
    }

    /// As `PolicySource.level`.
    public func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        let opened = try await source.opened()
        let table = source.keyspaces.preferences
        _ = try CassandraSource.table(table, in: opened.schema, columns: ["orgid", "key", "data"])
        let query = try await opened.session.prepare(
            "SELECT data FROM \(table) WHERE orgid = ? AND key = ?", "read a policy")
        for owner in [organisation, "default"] where !owner.isEmpty {
            var data: String?
            try await opened.session.forEachRow(
                of: query, [.text(Array(owner.utf8)), .text(Array("dataSecurityPolicy".utf8))], "read a policy"
            ) { data = $0.optionalText(0) }
            guard let data else { continue }
            let policy = try JSONValue(parsing: data, name: "column data of \(table)")
            return try SecurityLevel(policy: policy, of: organisation, report: report)
        }
        return nil
    }

    /// As `PolicySource.publicKey`: the first element of `exhaustEncryptionKey` names it.
    public func publicKey(of organisation: String) async throws -> [UInt8]? {
        if organisation.isEmpty { return nil }
        let opened = try await source.opened()
        let table = source.keyspaces.organisations
        _ = try CassandraSource.table(table, in: opened.schema, columns: ["id", "keys"])
        let query = try await opened.session.prepare(
            "SELECT keys FROM \(table) WHERE id = ?", "read an organisation")
        var place = ""
        try await opened.session.forEachRow(of: query, [.text(Array(organisation.utf8))], "read an organisation") {
            row in
            var entries = row.elements(0, perEntry: 2)
            while !entries.isAtEnd {
                let name = entries.next().map { String(decoding: $0, as: UTF8.self) }
                let list = entries.next()
                guard name == "exhaustEncryptionKey", let list else { continue }
                var elements = CQLElements(nested: list)
                place = elements.next().map { String(decoding: $0, as: UTF8.self) } ?? ""
            }
        }
        return place.isEmpty ? nil : try await readKey(place, organisation)
    }
}
