import CassandraAccess
import ReportModel

/// The columns of an enrolment, and what becomes of them between the server and a page.
struct EnrolmentFields: Sendable {
    /// Columns that are read, after those that name the row; what an old deployment lacks is missing.
    let columns: [String]
    /// Where the cells are that are kept as they come.
    private let cells: [Int?]
    private let certificates: [Int]
    private let contentStatus: Int?

    private static let wanted = [
        "active", "enrolled_date", "enrolleddate", "completedon", "certstatus", "issued_certificates", "certificates",
        "contentstatus",
    ]

    init(_ table: TableShape, withContentStatus: Bool, after keyColumns: Int) {
        columns = Self.wanted.filter { table.has($0) && (withContentStatus || $0 != "contentstatus") }
        let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, keyColumns + $0) })
        cells = ["active", "enrolled_date", "enrolleddate", "completedon", "certstatus"].map { places[$0] }
        certificates = ["issued_certificates", "certificates"].compactMap { places[$0] }
        contentStatus = places["contentstatus"]
    }

    /// The payload of a row.
    func write(_ row: CassandraRow, to fields: inout FieldWriter) {
        fields.begin()
        for cell in cells { fields.cell(cell.flatMap { row.bytes($0) }) }
        fields.flag(certificates.contains { row.collection($0).map { $0.count > 0 } ?? false })
        fields.collection(contentStatus.flatMap { row.collection($0) })
    }

    /// Reads a payload into a page.
    static func read(
        _ payload: UnsafeRawBufferPointer, withContentStatus: Bool, into page: inout EnrolmentPage
    ) -> EnrolmentPage.Enrolment {
        var fields = CQLElements(fields: payload, count: 7)
        var enrolment = EnrolmentPage.Enrolment()
        enrolment.isActive = fields.next().flatMap(CQLNumber.boolean) ?? false
        enrolment.enrolledOn = fields.next().flatMap(CQLNumber.bigint).map(Timestamp.init(milliseconds:))
        let older = fields.next()
        if enrolment.enrolledOn == nil, let older { enrolment.enrolledText = page.arena.append(older) }
        enrolment.completedOn = fields.next().flatMap(CQLNumber.bigint).map(Timestamp.init(milliseconds:))
        enrolment.certificateStatus = fields.next().flatMap(CQLNumber.int)
        enrolment.hasCertificate = fields.next().flatMap(CQLNumber.boolean) ?? false
        let start = Int32(page.contentStatus.count)
        if withContentStatus, let map = fields.next() {
            var entries = CQLElements(nested: map, perEntry: 2)
            while !entries.isAtEnd {
                guard let content = entries.next() else { continue }
                guard let status = entries.next().flatMap(CQLNumber.int) else { continue }
                page.contentStatus.append(
                    EnrolmentPage.ContentStatus(content: page.arena.append(content), status: status))
            }
        }
        enrolment.contentStatus = start..<Int32(page.contentStatus.count)
        return enrolment
    }
}
