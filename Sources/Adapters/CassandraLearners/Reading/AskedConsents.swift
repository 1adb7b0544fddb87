import CassandraAccess
import ReportModel
import ReportPorts

/// Consent, asked for the learners of a page.
struct AskedConsents: ConsentSource {
    private let asking: Asking
    private let query: PreparedQuery
    private let fields: ConsentFields

    init(_ session: CassandraSession, _ table: String, _ shape: TableShape) async throws {
        asking = Asking(session: session)
        fields = ConsentFields(shape, after: 1)
        query = try await session.prepare(
            "SELECT \((["user_id"] + fields.columns).joined(separator: ", ")) FROM \(table) "
                + "WHERE consumer_id = ? AND object_id = ? AND user_id IN ?", "read consent")
    }

    private struct Found: Sendable {
        var user: [UInt8]
        var payload: [UInt8]
    }

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        var page = ConsentPage()
        page.consents = Array(repeating: nil, count: keys.count)
        let learners = LearnerTable(keys)
        let found = try await asking.answers(
            query, [.text(Array(organisation.utf8)), .text(Array(collection.utf8))], users: keys.users, "read consent"
        ) { [fields] answer in
            var found: [Found] = []
            var payload = FieldWriter()
            answer.forEachRow { row in
                guard let user = row.bytes(0) else { return }
                fields.write(row, to: &payload)
                found.append(Found(user: Array(user), payload: payload.bytes))
            }
            return found
        }
        for row in found {
            guard let learner = row.user.withUnsafeBytes({ learners.learner($0) }) else { continue }
            page.consents[learner] = row.payload.withUnsafeBytes { fields.read($0, into: &page.arena) }
        }
        return page
    }
}
