import CassandraAccess
import ReportModel
import ReportPorts

/// Aggregates, asked for the learners of a page.
struct AskedAggregates: AggregateSource {
    let asking: Asking
    let query: PreparedQuery
    let fields: AggregateFields

    /// Deployments have one type of activity (upstream.md 1.6).
    static let activityType = "Course"

    init(_ session: CassandraSession, _ table: String, _ shape: TableShape) async throws {
        asking = Asking(session: session)
        fields = AggregateFields(shape, after: 1)
        query = try await session.prepare(
            "SELECT \((["user_id"] + fields.columns).joined(separator: ", ")) FROM \(table) WHERE activity_type = "
                + "'\(Self.activityType)' AND activity_id = ? AND context_id = ? AND user_id IN ?", "read aggregates")
    }

    private struct Found: Sendable {
        var user: [UInt8]
        var completedCount: Double?
        var timeSpent: Double?
    }

    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage {
        var page = AggregatePage()
        if keys.count == 0 { return page }
        let users = keys.users
        let learners = LearnerTable(keys)
        for activity in Set(activities).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let found = try await asking.answers(
                query, [.text(Array(activity.utf8)), .text(Array("cb:\(batch.batch)".utf8))], users: users,
                "read aggregates"
            ) { [fields] answer in
                var found: [Found] = []
                answer.forEachRow { row in
                    guard let user = row.bytes(0) else { return }
                    let (count, time) = fields.read(row)
                    found.append(Found(user: Array(user), completedCount: count, timeSpent: time))
                }
                return found
            }
            let slice = page.arena.append(activity)
            for row in found {
                guard let learner = row.user.withUnsafeBytes({ learners.learner($0) }) else { continue }
                page.aggregates.append(
                    AggregatePage.Aggregate(
                        learner: Int32(learner), activity: slice, completedCount: row.completedCount,
                        timeSpent: row.timeSpent))
            }
        }
        // Stable: of one learner the activities stay in their order.
        page.aggregates = page.aggregates.enumerated()
            .sorted { ($0.element.learner, $0.offset) < ($1.element.learner, $1.offset) }.map(\.element)
        return page
    }
}

/// The learners of a page by the bytes of their ids.
struct LearnerTable: Sendable {
    private var table = IdentifierTable()

    init(_ keys: LearnerKeys) {
        for id in keys.ids { keys.arena.withBytes(of: id) { _ = table.insert($0) } }
    }

    func learner(_ id: UnsafeRawBufferPointer) -> Int? { table.index(of: id) }
}
