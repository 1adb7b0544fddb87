import CassandraAccess
import ReportModel

/// The columns of a consent, and what becomes of them between the server and a page.
struct ConsentFields: Sendable {
    /// Columns that are read, after those that name the row; what an old deployment lacks is missing.
    let columns: [String]
    private let places: [String: Int]
    /// Whether the expiry is a moment; where it is a text, it is shown as it stands.
    private let hasExpiryTime: Bool

    private static let wanted = ["status", "expiry", "last_updated_on"]

    init(_ table: TableShape, after keyColumns: Int) {
        columns = Self.wanted.filter { table.has($0) }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, keyColumns + $0) })
        hasExpiryTime = table.types["expiry"] == "timestamp"
    }

    /// The payload of a row.
    func write(_ row: CassandraRow, to fields: inout FieldWriter) {
        fields.begin()
        for column in Self.wanted { fields.cell(places[column].flatMap { row.bytes($0) }) }
    }

    /// Reads a payload as the consent of a page.
    func read(_ payload: UnsafeRawBufferPointer, into arena: inout ByteArena) -> ConsentPage.Consent {
        var fields = CQLElements(fields: payload, count: Self.wanted.count)
        var consent = ConsentPage.Consent()
        consent.status = arena.append(optional: fields.next())
        if let expiry = fields.next() {
            if !hasExpiryTime {
                consent.expiry = arena.append(expiry)
            } else if let time = CQLNumber.bigint(expiry) {
                consent.expiry = arena.append(Timestamp(milliseconds: time).iso8601)
            }
        }
        consent.updatedOn = fields.next().flatMap { CQLNumber.bigint($0) }.map(Timestamp.init(milliseconds:))
        return consent
    }
}
