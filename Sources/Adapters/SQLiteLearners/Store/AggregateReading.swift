import ReportModel
import SQLiteAccess

extension Database {
    /// Aggregates of a page of learners at some activities: one stretch of the table. Of rows of several activity types
    /// at one activity, which deployments do not have, the one with the first type counts.
    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) throws -> AggregatePage {
        var page = AggregatePage()
        guard keys.count > 0, !activities.isEmpty,
            let context = try number("SELECT number FROM context_number WHERE context_id = ?1", "cb:" + batch.batch)
        else { return page }
        let query = RangeQuery(
            "user_id, activity_id, completed_count, time_spent", from: "user_activity_agg", scope: "context",
            user: "user_id", range: keys.range, order: "user_id, activity_id, activity_type")
        var matcher = LearnerMatcher(keys)
        var wanted = WantedNames(activities, in: &page.arena)
        page.aggregates.reserveCapacity(keys.count * activities.count)
        try with(query.sql) { statement in
            try query.bind(statement, scope: context)
            var last: (learner: Int, activity: TextSlice)?
            while try statement.step() {
                guard let id = statement.bytes(0), let learner = matcher.learner(id),
                    let name = statement.bytes(1), let activity = wanted.slice(of: name, in: page.arena)
                else { continue }
                if let last, last == (learner, activity) { continue }
                last = (learner, activity)
                page.aggregates.append(
                    AggregatePage.Aggregate(
                        learner: Int32(learner), activity: activity, completedCount: statement.optionalDouble(2),
                        timeSpent: statement.optionalDouble(3)))
            }
        }
        return page
    }
}

/// Names that are asked for, each once in the arena of the page.
private struct WantedNames {
    private let slices: [TextSlice]
    private var place = 0

    init(_ names: [String], in arena: inout ByteArena) {
        slices = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { arena.append($0) }
    }

    /// The slice of a name; nil if it is not asked for. Names mostly come in order, so the search goes on from the last.
    @inline(__always)
    mutating func slice(of name: UnsafeRawBufferPointer, in arena: ByteArena) -> TextSlice? {
        for offset in 0..<slices.count {
            let index = place + offset < slices.count ? place + offset : place + offset - slices.count
            guard slices[index].length == name.count else { continue }
            if arena.withBytes(of: slices[index], { compareBytes($0, name) }) == 0 {
                place = index + 1 < slices.count ? index + 1 : 0
                return slices[index]
            }
        }
        return nil
    }
}
