import CassandraAccess
import ReportModel

/// The columns of a batch; those that an old deployment lacks are not asked for.
struct BatchFields: Sendable {
    let columns: [String]
    private let places: [String: Int]

    private static let wanted = [
        "courseid", "batchid", "name", "start_date", "startdate", "end_date", "enddate", "status", "createdby",
        "mentors",
    ]

    init(_ table: TableShape) {
        columns = Self.wanted.filter { table.has($0) }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    }

    func record(_ row: CassandraRow) -> BatchRecord {
        BatchRecord(
            key: BatchKey(collection: text(row, "courseid") ?? "", batch: text(row, "batchid") ?? ""),
            name: text(row, "name"), startDate: date(row, "start_date") ?? filled(row, "startdate"),
            endDate: date(row, "end_date") ?? filled(row, "enddate"),
            status: places["status"].flatMap { row.int($0) }.map { Int($0) }, createdBy: text(row, "createdby"),
            mentors: places["mentors"].map { row.texts($0) } ?? [])
    }

    private func text(_ row: CassandraRow, _ column: String) -> String? {
        places[column].flatMap { row.optionalText($0) }
    }

    private func filled(_ row: CassandraRow, _ column: String) -> String? {
        text(row, column).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func date(_ row: CassandraRow, _ column: String) -> String? {
        places[column].flatMap { row.bytes($0) }.flatMap(CQLNumber.bigint).map {
            Timestamp(milliseconds: $0).iso8601
        }
    }
}
