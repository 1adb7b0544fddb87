import ReportModel
import SQLiteAccess

/// Writes the rows of one table into the store that is being made. Rows come sorted within a chunk, so that the tree
/// grows at its end where the input is sorted, and is walked once a chunk where it is not.
final class TableWriter {
    private let shape: TableShape
    private let database: Database
    private let insert: Statement
    private let remove: Statement
    private let insertDetail: Statement?
    private let updateDetail: Statement?
    private let insertNumber: Statement?
    private var nextDetail: Int64 = 0
    /// The greatest key so far, if every row of the table came from here: rows beyond it replace none.
    private var highestKey: [UInt8]?
    private var values: [StoredRow.Value] = []
    /// Rows that took the place of others.
    private(set) var replaced = 0

    init(_ shape: TableShape, _ database: Database) throws {
        self.shape = shape
        self.database = database
        let name = shape.name
        if try database.integer("SELECT EXISTS (SELECT 1 FROM \(name))") == 0 { highestKey = [] }
        switch shape.target {
        case .keyed(let columns, let keyColumns):
            let primary = try Self.columnNames(of: name, database).prefix(keyColumns)
            insert = try database.prepare("INSERT INTO \(name) VALUES (\(Self.marks(1...columns)))")
            remove = try database.prepare("DELETE FROM \(name) WHERE \(Self.equal(Array(primary.enumerated())))")
            insertDetail = nil
            updateDetail = nil
        case .detailed(let columns, let identity, let detailColumns):
            insert = try database.prepare("INSERT INTO \(name) VALUES (\(Self.marks(1...columns.count)))")
            let keys = identity.enumerated().map { (offset: $0.offset, element: columns[$0.element]) }
            remove = try database.prepare("DELETE FROM \(name) WHERE \(Self.equal(keys)) RETURNING detail")
            insertDetail = try database.prepare(
                "INSERT INTO \(name)_detail VALUES (\(Self.marks(1...detailColumns + 1)))")
            // The row of the detail is written anew under its number.
            updateDetail = try database.prepare(
                "REPLACE INTO \(name)_detail VALUES (\(Self.marks(1...detailColumns + 1)))")
            nextDetail = (try database.integer("SELECT max(id) FROM \(name)_detail") ?? 0) + 1
        }
        let pair = shape.numbers == .contexts ? 2 : 3
        insertNumber =
            shape.numbers == .none
            ? nil : try database.prepare("INSERT INTO \(shape.numbers.rawValue) VALUES (\(Self.marks(1...pair)))")
    }

    /// Writes the rows of a sorted chunk.
    func write(_ chunk: Chunk) throws {
        for fresh in chunk.freshNumbers { try writeNumber(fresh) }
        try chunk.bytes.withUnsafeBytes { bytes in
            for (index, entry) in chunk.entries.enumerated() {
                let key = bytes.slice(entry.key)
                if index + 1 < chunk.entries.count {
                    let next = chunk.entries[index + 1]
                    if next.prefix == entry.prefix, compareBytes(bytes.slice(next.key), key) == 0 {
                        replaced += 1
                        continue
                    }
                }
                try write(key: key, columns: bytes.slice(entry.columns))
            }
            guard highestKey != nil, let last = chunk.entries.last else { return }
            let key = bytes.slice(last.key)
            if isBeyondHighest(key) { highestKey = Array(key) }
        }
    }

    private func write(key: UnsafeRawBufferPointer, columns: UnsafeRawBufferPointer) throws {
        let isNew = isBeyondHighest(key)
        var row = StoredRow(columns)
        values.removeAll(keepingCapacity: true)
        switch shape.target {
        case .keyed(let columns, let keyColumns):
            for _ in 0..<columns { values.append(row.next()) }
            if !isNew { try removeOld(identity: Array(0..<keyColumns)) }
            for (index, value) in values.enumerated() { try Self.bind(insert, index + 1, value) }
            try insert.run()
        case .detailed(let columns, let identity, let detailColumns):
            for _ in 0..<columns.count - 1 + detailColumns { values.append(row.next()) }
            let old = isNew ? nil : try removeOldDetailed(identity: identity)
            let detail = old ?? nextDetail
            if old == nil { nextDetail += 1 }
            for index in 0..<columns.count - 1 { try Self.bind(insert, index + 1, values[index]) }
            try insert.bind(columns.count, detail)
            try insert.run()
            guard let write = old == nil ? insertDetail : updateDetail else { return }
            try write.bind(1, detail)
            for index in 0..<detailColumns { try Self.bind(write, index + 2, values[columns.count - 1 + index]) }
            try write.run()
        }
    }

    private func isBeyondHighest(_ key: UnsafeRawBufferPointer) -> Bool {
        highestKey?.withUnsafeBytes { compareBytes(key, $0) > 0 } ?? false
    }

    private func removeOld(identity: [Int]) throws {
        for (index, column) in identity.enumerated() { try Self.bind(remove, index + 1, values[column]) }
        try remove.run()
        replaced += database.changes
    }

    private func removeOldDetailed(identity: [Int]) throws -> Int64? {
        for (index, column) in identity.enumerated() { try Self.bind(remove, index + 1, values[column]) }
        defer { remove.reset() }
        guard try remove.step() else { return nil }
        let detail = remove.integer(0)
        replaced += 1
        try remove.step()
        return detail
    }

    private func writeNumber(_ fresh: Chunk.FreshNumber) throws {
        guard let insertNumber else { return }
        try insertNumber.bind(1, fresh.number)
        try fresh.first.withUnsafeBytes { try insertNumber.bind(2, text: $0) }
        if shape.numbers != .contexts { try fresh.second.withUnsafeBytes { try insertNumber.bind(3, text: $0) } }
        try insertNumber.run()
    }

    private static func bind(_ statement: Statement, _ parameter: Int, _ value: StoredRow.Value) throws(ExhaustError) {
        switch value {
        case .null: try statement.bindNull(parameter)
        case .integer(let value): try statement.bind(parameter, value)
        case .real(let value): try statement.bind(parameter, value)
        // The chunk outlives the statement's run.
        case .text(let bytes): try statement.bind(parameter, unownedText: bytes)
        }
    }

    private static func marks(_ range: ClosedRange<Int>) -> String { range.map { "?\($0)" }.joined(separator: ",") }

    private static func equal(_ columns: [(offset: Int, element: String)]) -> String {
        columns.map { "\($0.element) = ?\($0.offset + 1)" }.joined(separator: " AND ")
    }

    private static func columnNames(of table: String, _ database: Database) throws -> [String] {
        try database.with("SELECT name FROM pragma_table_info(?1) ORDER BY cid") { statement in
            try statement.bind(1, table)
            var names: [String] = []
            while try statement.step() { names.append(statement.text(0) ?? "") }
            return names
        }
    }
}
