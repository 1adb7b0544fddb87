import ReportModel

/// The special cases of Tests/Oracle, divided as a deployment keeps them: what its tables hold, what is kept elsewhere, and
/// the archive's CSV files.
struct EdgeFixture {
    static let folder = "\(Programs.project)/Tests/Oracle/edge"

    /// A value that a typed column cannot hold, and one that it can hold and that means the same to the reports.
    struct StandIn {
        var table: String
        var column: String
        var value: String
        var standIn: String
        var reason: String

        init(_ table: String, _ column: String, _ value: String, _ standIn: String, _ reason: String) {
            self.table = table
            self.column = column
            self.value = value
            self.standIn = standIn
            self.reason = reason
        }
    }

    /// Tables that a deployment has in other stores than Cassandra.
    private static let elsewhere = ["user", "content", "organisation"]
    private static let archived = "assessment_archive"
    /// The columns of an archive (upstream.md 5.6).
    private static let archiveColumns = [
        "content_id", "attempt_id", "user_id", "course_id", "batch_id", "created_on", "last_attempted_on",
        "total_max_score", "total_score", "updated_on", "grand_total", "question",
    ]

    private let root: String
    private let standIns: [StandIn]
    /// For the loader.
    var tables: String { "\(root)/tables" }
    /// For an import.
    var people: String { "\(root)/people" }
    /// For `archive.folder`.
    var archive: String { "\(root)/archive" }
    /// For `archive.path`.
    static let archivePath = "archival-data/"

    /// Divides the fixture into folders below `root`. Each stand-in has to be needed.
    init(below root: String, standIns: [StandIn]) throws {
        self.root = root
        self.standIns = standIns
        for path in [root, tables, people, archive, "\(archive)/\(Self.archivePath)"] { try Folder.make(path) }
        var used = [Int](repeating: 0, count: standIns.count)
        for file in Folder.files(below: Self.folder) where file.hasSuffix(".jsonl") {
            let table = String(file.dropLast(".jsonl".count))
            let bytes = try Folder.read("\(Self.folder)/\(file)")
            if Self.elsewhere.contains(table) {
                try Folder.write(bytes, to: "\(people)/\(file)")
                continue
            }
            let rows = try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
            if table == Self.archived {
                try write(archived: rows)
            } else {
                let lines = rows.map { shaped($0, table, &used).compactText + "\n" }
                try Folder.write(lines.joined(), to: "\(tables)/\(file)")
            }
        }
        for (standIn, count) in zip(standIns, used) where count == 0 {
            throw TestFailure("\(standIn.table).\(standIn.column): no row holds \(standIn.value) (\(standIn.reason))")
        }
    }

    private func shaped(_ row: JSONValue, _ table: String, _ used: inout [Int]) -> JSONValue {
        .object(
            (row.objectMembers ?? []).map { member in
                let place = standIns.firstIndex {
                    $0.table == table && $0.column == member.name && $0.value == member.value.text
                }
                guard let place else { return member }
                used[place] += 1
                return JSONValue.Member(member.name, .string(standIns[place].standIn))
            })
    }

    /// One file a batch, as Spark writes it.
    private func write(archived rows: [JSONValue]) throws {
        let batches = Dictionary(grouping: rows) { "\($0["batch_id"]?.text ?? "")_\($0["course_id"]?.text ?? "")" }
        for (batch, rows) in batches {
            let folder = "\(archive)/\(Self.archivePath)\(batch)"
            try Folder.make(folder)
            let lines = [Self.archiveColumns] + rows.map { row in Self.archiveColumns.map { Self.cell($0, row[$0]) } }
            try Folder.write(
                lines.map { $0.joined(separator: ",") + "\n" }.joined(), to: "\(folder)/2021-5-1612345678901.csv")
        }
    }

    private static func cell(_ column: String, _ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        var text = value.text ?? value.compactText
        if column == "last_attempted_on", let time = Timestamp(text) { text = String(time.milliseconds) }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return text.contains { ",\"\\\n\r".contains($0) } ? "\"\(escaped)\"" : text
    }
}
