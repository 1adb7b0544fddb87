import CassandraAccess
import ReportModel

/// The columns of an aggregate, and what becomes of them between the server and a page.
struct AggregateFields: Sendable {
    /// Columns that are read, after those that name the row; what an old deployment lacks is missing.
    let columns: [String]
    private let new: Int?
    private let old: Int?

    init(_ table: TableShape, after keyColumns: Int) {
        columns = ["aggregates", "agg"].filter { table.has($0) }
        let first = keyColumns
        let place = { [columns] (name: String) in columns.firstIndex(of: name).map { first + $0 } }
        new = place("aggregates")
        old = place("agg")
    }

    /// What a report wants of a row.
    func read(_ row: CassandraRow) -> (completedCount: Double?, timeSpent: Double?) {
        let new = numbers(row, new, CQLNumber.double)
        if new.completedCount != nil { return new }
        let old = numbers(row, old) { CQLNumber.int($0).map(Double.init) }
        return (old.completedCount, new.timeSpent)
    }

    private func numbers(
        _ row: CassandraRow, _ place: Int?, _ number: (UnsafeRawBufferPointer) -> Double?
    ) -> (completedCount: Double?, timeSpent: Double?) {
        guard let place else { return (nil, nil) }
        var entries = row.elements(place, perEntry: 2)
        var found: (completedCount: Double?, timeSpent: Double?) = (nil, nil)
        while !entries.isAtEnd {
            guard let key = entries.next() else { continue }
            let value = entries.next()
            if Self.is(key, "completedCount") { found.completedCount = value.flatMap(number) }
            if Self.is(key, "timespent") { found.timeSpent = value.flatMap(number) }
        }
        return found
    }

    private static func `is`(_ key: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
        guard key.count == name.utf8CodeUnitCount else { return false }
        return compareBytes(key, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) == 0
    }
}
