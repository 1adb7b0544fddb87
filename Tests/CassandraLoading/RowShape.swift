import CassandraAccess
import ReportModel

/// Brings rows of the import form into the one that `INSERT … JSON` takes.
struct RowShape: Sendable {
    /// Types of the table's columns.
    private var types: [String: String] = [:]

    init(_ form: DeploymentForm, _ table: DeploymentForm.Table, _ session: CassandraSession) async throws {
        let query = try await session.prepare(
            "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?", "prepare")
        var pages = try session.pages(
            of: query, [.text(Array(table.keyspace.utf8)), .text(Array(table.name.utf8))], pageRows: 100, "read")
        while let page = try await pages.next() {
            page.forEachRow { row in
                guard let name = row.bytes(0), let type = row.bytes(1) else { return }
                types[String(decoding: name, as: UTF8.self)] = String(decoding: type, as: UTF8.self)
            }
        }
    }

    func row(_ line: [UInt8]) throws -> [UInt8] {
        let members = try JSONValue(parsing: line, name: "row").objectMembers ?? []
        let shaped = members.compactMap { member in
            types[member.name].map { JSONValue.Member(member.name, Self.cell(member.value, $0)) }
        }
        return Array(JSONValue.object(shaped).compactText.utf8)
    }

    private static func cell(_ value: JSONValue, _ type: String) -> JSONValue {
        if value.isNull { return value }
        if type == "text" { return value.text == nil ? .string(value.compactText) : value }
        guard let text = value.text else { return Self.texts(value, type) }
        // No number, time or collection is empty text.
        if text.isEmpty { return .null }
        return type.contains("<") ? (try? JSONValue(parsing: text)).map { Self.texts($0, type) } ?? value : value
    }

    /// Values of `map<text,text>` are texts, whatever they were.
    private static func texts(_ value: JSONValue, _ type: String) -> JSONValue {
        guard type.contains("map<text, text>") else { return value }
        switch value {
        case .array(let elements): return .array(elements.map { texts($0, type) })
        case .object(let members):
            return .object(members.map { JSONValue.Member($0.name, cell($0.value, "text")) })
        default: return value
        }
    }
}
