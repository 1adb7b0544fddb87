import CassandraAccess
import ReportModel
import ReportPorts
import SealedSpool

/// Attempts, asked for the learners of a page. Those that were read and did not fit into one page wait for the next.
struct AskedAttempts: AttemptSource {
    let asking: Asking
    let query: PreparedQuery
    let fields: AttemptFields

    /// Learners that are asked for before the size of the page is looked at: few at first, since nobody knows how much
    /// they answered, then so many that their attempts take about `bytesAtOnce`.
    static let (firstLearners, learnersAtOnce, bytesAtOnce) = (2, 500, 4 << 20)

    init(_ session: CassandraSession, _ table: String, _ fields: AttemptFields) async throws {
        asking = Asking(session: session)
        self.fields = fields
        query = try await session.prepare(
            "SELECT \((["user_id"] + fields.columns).joined(separator: ", ")) FROM \(table) "
                + "WHERE course_id = ? AND batch_id = ? AND user_id IN ?", "read attempts")
    }

    private struct Record: Sendable {
        var key: [UInt8]
        var payload: [UInt8]
        var learner: Int
    }

    private struct Position: Sendable {
        var learner: Int
        var records: [Record]
        var atOnce = AskedAttempts.firstLearners
        var firstRows = TableScan.firstAttempts

        /// Chooses how many come next by what the last ones brought.
        mutating func adapt() {
            let bytes = records.reduce(0) { $0 + $1.payload.count }
            let wanted = AskedAttempts.bytesAtOnce * atOnce / max(1, bytes)
            atOnce = min(AskedAttempts.learnersAtOnce, max(1, min(wanted, atOnce * 8)))
            if !records.isEmpty { firstRows = max(1, records.count * CassandraPages.pageBytes / max(1, bytes)) }
        }
    }

    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        var page = AttemptPage()
        var position = cursor?.state as? Position ?? Position(learner: 0, records: [])
        let users = keys.users
        let learners = LearnerTable(keys)
        while true {
            for (index, record) in position.records.enumerated() {
                record.payload.withUnsafeBytes {
                    fields.read($0, learner: record.learner, withQuestions: withQuestions, into: &page)
                }
                let isLast = index + 1 == position.records.count && position.learner >= users.count
                if page.byteCount >= limits.bytes, !isLast {
                    position.records.removeFirst(index + 1)
                    page.next = AttemptCursor(state: position)
                    return page
                }
            }
            guard position.learner < users.count else { return page }
            let end = min(position.learner + position.atOnce, users.count)
            var asking = asking
            asking.firstPageRows = min(position.firstRows, TableScan.pageRows)
            position.records = try await records(
                of: Array(users[position.learner..<end]), in: batch, learners, asking)
            position.learner = end
            position.adapt()
        }
    }

    private func records(
        of users: [[UInt8]], in batch: BatchKey, _ learners: LearnerTable, _ asking: Asking
    ) async throws -> [Record] {
        try await asking.answers(
            query, [.text(Array(batch.collection.utf8)), .text(Array(batch.batch.utf8))], users: users, "read attempts"
        ) { [fields] answer in
            var found: [Record] = []
            var writer = FieldWriter()
            var key = SpoolKey(group: 0)
            answer.forEachRow { row in
                guard let user = row.bytes(0), let learner = learners.learner(user) else { return }
                fields.write(row, to: &writer)
                fields.write(row, group: 0, user: user, to: &key)
                found.append(Record(key: key.bytes, payload: writer.bytes, learner: learner))
            }
            return found
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
