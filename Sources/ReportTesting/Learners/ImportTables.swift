import Glibc
public import ReportModel

/// Rows of tables in import form (design.md 5), for sources in memory and for filling stores in tests.
public struct ImportTables: Sendable {
    /// Rows by table, in the order in which an import would read them; of rows with equal keys the last counts.
    public private(set) var rows: [String: [JSONValue]] = [:]

    /// No rows.
    public init() {}

    /// Rows by table, one JSON object a line. Throws `invalidInput` for lines that are none.
    public init(lines: [String: String]) throws {
        for (table, text) in lines {
            for line in text.split(separator: "\n") {
                add(try JSONValue(parsing: String(line), name: "row of \(table)"), to: table)
            }
        }
    }

    /// The tables of a folder of `.jsonl` files.
    public init(folder: String) throws {
        guard let entries = opendir(folder) else { throw Self.failure(folder) }
        defer { closedir(entries) }
        var lines: [String: String] = [:]
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".jsonl") { lines[String(name.dropLast(6))] = try Self.text(of: folder + "/" + name) }
        }
        try self.init(lines: lines)
    }

    /// Adds a row.
    public mutating func add(_ row: JSONValue, to table: String) { rows[table, default: []].append(row) }

    /// Adds a row of texts.
    public mutating func add(_ members: [String: String], to table: String) {
        add(.object(members.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }), to: table)
    }

    /// Writes each table as `<table>.jsonl` into a folder that exists.
    public func write(to folder: String) throws {
        for (table, rows) in rows {
            let text = Array(rows.map { $0.compactText + "\n" }.joined().utf8)
            let path = "\(folder)/\(table).jsonl"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Self.failure(path) }
            defer { close(descriptor) }
            guard Glibc.write(descriptor, text, text.count) == text.count else { throw Self.failure(path) }
        }
    }

    private static func text(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw failure(path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&room, 1, room.count, file), count > 0 { bytes += room[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func failure(_ path: String) -> ExhaustError {
        ExhaustError(.storageFailed, "\(path): \(String(cString: strerror(errno)))")
    }
}

extension JSONValue {
    /// A cell as text: numbers and truth values as they are written, lists and objects as sorted JSON; nil for null.
    var cellText: String? {
        switch self {
        case .null: nil
        case .string(let text): text
        default: sortedText
        }
    }

    /// A cell as a truth value, also from text; nil for null and other texts.
    var cellBool: Bool? {
        switch cellText?.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// A cell as a number, also from text.
    var cellNumber: Double? { double ?? text.flatMap(Double.init) }

    /// A cell as a moment: text in one of the known forms, or milliseconds.
    var cellTime: Timestamp? { text.flatMap { Timestamp($0) } ?? integer.map(Timestamp.init(milliseconds:)) }

    /// A cell as JSON, also from a text that holds JSON; nil for null.
    func cellJSON() throws -> JSONValue? {
        guard let text else { return isNull ? nil : self }
        return text.isEmpty ? nil : try JSONValue(parsing: text)
    }
}
