import CassandraAccess
import ReportModel
import ReportPorts

/// Consent, asked for the learners of a page.
struct AskedConsents: ConsentSource {
    let asking: Asking
    let query: PreparedQuery
    /// Columns that are read after the user; what an old deployment lacks is missing.
    private let columns: [String]
    /// Whether the expiry is a moment; where it is a text, it is shown as it stands.
    private let hasExpiryTime: Bool

    init(_ session: CassandraSession, _ table: String, _ shape: TableShape) async throws {
        asking = Asking(session: session)
        columns = ["status", "expiry", "last_updated_on"].filter { shape.has($0) }
        hasExpiryTime = shape.types["expiry"] == "timestamp"
        query = try await session.prepare(
            "SELECT \((["user_id"] + columns).joined(separator: ", ")) FROM \(table) "
                + "WHERE consumer_id = ? AND object_id = ? AND user_id IN ?", "read consent")
    }

    private struct Found: Sendable {
        var user: [UInt8]
        var cells: [String: [UInt8]] = [:]
    }

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        var page = ConsentPage()
        page.consents = Array(repeating: nil, count: keys.count)
        let learners = LearnerTable(keys)
        let found = try await asking.answers(
            query, [.text(Array(organisation.utf8)), .text(Array(collection.utf8))], users: keys.users, "read consent"
        ) { [columns] answer in
            var found: [Found] = []
            answer.forEachRow { row in
                guard let user = row.bytes(0) else { return }
                var record = Found(user: Array(user))
                for (place, column) in columns.enumerated() {
                    record.cells[column] = row.bytes(place + 1).map { Array($0) }
                }
                found.append(record)
            }
            return found
        }
        for row in found {
            guard let learner = row.user.withUnsafeBytes({ learners.learner($0) }) else { continue }
            page.consents[learner] = consent(row.cells, &page.arena)
        }
        return page
    }

    private func consent(_ cells: [String: [UInt8]], _ arena: inout ByteArena) -> ConsentPage.Consent {
        var consent = ConsentPage.Consent()
        if let status = cells["status"] { consent.status = status.withUnsafeBytes { arena.append($0) } }
        if let expiry = cells["expiry"] {
            if hasExpiryTime {
                let time = expiry.withUnsafeBytes { CQLNumber.bigint($0) }
                if let time { consent.expiry = arena.append(Timestamp(milliseconds: time).iso8601) }
            } else {
                consent.expiry = expiry.withUnsafeBytes { arena.append($0) }
            }
        }
        consent.updatedOn = cells["last_updated_on"].flatMap { bytes in
            bytes.withUnsafeBytes { CQLNumber.bigint($0) }.map(Timestamp.init(milliseconds:))
        }
        return consent
    }
}
