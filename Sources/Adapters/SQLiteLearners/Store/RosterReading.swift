import ReportModel
import ReportPorts
import SQLiteAccess

extension Database {
    /// Counts the learners of a batch and cuts them into ranges, in one walk over their ids.
    func plan(of batch: BatchKey, learnersPerRange: Int) throws -> RosterPlan {
        guard learnersPerRange > 0 else {
            throw ExhaustError(.internalFault, "roster: ranges of \(learnersPerRange) learners were asked for")
        }
        guard let number = try batchNumber(batch) else { return RosterPlan(count: 0, ranges: [.everybody]) }
        var count = 0
        var bounds: [[UInt8]] = []
        try with("SELECT userid FROM user_enrolments WHERE batch = ?1 ORDER BY userid") { statement in
            try statement.bind(1, number)
            while try statement.step() {
                count += 1
                if count % learnersPerRange == 0, let id = statement.bytes(0) { bounds.append(Array(id)) }
            }
        }
        // The last range is open above, and holds somebody.
        if !bounds.isEmpty, count % learnersPerRange == 0 { bounds.removeLast() }
        var ranges: [UserRange] = []
        for bound in bounds { ranges.append(UserRange(after: ranges.last?.through, through: bound)) }
        ranges.append(UserRange(after: ranges.last?.through, through: nil))
        return RosterPlan(count: count, ranges: ranges)
    }

    /// The next learners of a range, and the part of it that they fill.
    func roster(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) throws -> LearnerKeys {
        let rest = UserRange(after: after ?? range.after, through: range.through)
        guard let number = try batchNumber(batch), limit > 0 else {
            return LearnerKeys(arena: ByteArena(), ids: [], range: rest)
        }
        let query = RangeQuery(
            "userid", from: "user_enrolments", scope: "batch", user: "userid", range: rest, order: "userid LIMIT ?4")
        return try with(query.sql) { statement in
            try query.bind(statement, scope: number)
            try statement.bind(4, limit)
            var arena = ByteArena(capacity: limit * 40)
            var ids: [TextSlice] = []
            ids.reserveCapacity(limit)
            while try statement.step() { ids.append(arena.append(optional: statement.bytes(0))) }
            // A full page ends at its last learner, the last one where the range does.
            let last = ids.count < limit ? nil : ids.last.map { slice in arena.withBytes(of: slice) { Array($0) } }
            return LearnerKeys(
                arena: arena, ids: ids, range: UserRange(after: rest.after, through: last ?? rest.through))
        }
    }
}
