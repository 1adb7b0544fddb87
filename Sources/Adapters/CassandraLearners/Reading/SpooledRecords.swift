import CassandraAccess
import ReportModel
import ReportPorts
import SealedSpool

/// Aggregates from a spool.
struct SpooledAggregates: AggregateSource {
    let spool: LoadedSpool
    let groups: BatchGroups

    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage {
        guard keys.count > 0, !activities.isEmpty, let context = groups.context(of: batch) else {
            return AggregatePage()
        }
        let (from, before) = BatchGroups.bounds(context, keys.range)
        let wanted = IdentifierTable(activities)
        var page = AggregatePage()
        let slices = (0..<wanted.count).map { page.arena.append(wanted.text(at: $0)) }
        let start = page
        return try await spool.loaded().read(from: from, before: before, into: Matching(start, keys)) {
            state, key, payload in
            guard let learner = state.learner(of: key), let activity = wanted.index(of: SpoolKeys.lastText(of: key))
            else { return true }
            let numbers = (0..<2).map { payload.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
            state.page.aggregates.append(
                AggregatePage.Aggregate(
                    learner: Int32(learner), activity: slices[activity],
                    completedCount: numbers[0].isNaN ? nil : numbers[0], timeSpent: numbers[1].isNaN ? nil : numbers[1])
            )
            return true
        }.page
    }

}

/// Attempts from a spool.
struct SpooledAttempts: AttemptSource {
    let spool: LoadedSpool
    let groups: BatchGroups
    let fields: AttemptFields

    /// Behind the last record of a page.
    private struct Position: Sendable { var key: [UInt8] }

    private struct Filling: Sendable {
        var matching: Matching<AttemptPage>
        var next: [UInt8] = []
    }

    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        guard keys.count > 0, let group = groups.group(of: batch) else { return AttemptPage() }
        var (from, before) = BatchGroups.bounds(group, keys.range)
        if let position = cursor?.state as? Position { from = position.key }
        var filled = try await spool.loaded().read(
            from: from, before: before,
            into: Filling(matching: Matching(AttemptPage(room: limits, withQuestions: withQuestions), keys))
        ) { [fields] state, key, payload in
            guard let learner = state.matching.learner(of: key) else { return true }
            fields.read(payload, learner: learner, withQuestions: withQuestions, into: &state.matching.page)
            guard state.matching.page.byteCount >= limits.bytes else { return true }
            // The least key above this one.
            state.next = Array(key) + [0]
            return false
        }
        if !filled.next.isEmpty { filled.matching.page.next = AttemptCursor(state: Position(key: filled.next)) }
        return filled.matching.page
    }
}

extension AttemptPage {
    /// An empty page that need not grow, which takes up to three times its memory for a moment; what is not used of the room
    /// is never touched.
    fileprivate init(room limits: PageLimits, withQuestions: Bool) {
        self.init()
        arena = ByteArena(capacity: limits.bytes)
        attempts.reserveCapacity(limits.bytes / MemoryLayout<Attempt>.stride)
        if withQuestions { questions.reserveCapacity(limits.bytes / MemoryLayout<Question>.stride) }
    }

    /// About the memory of the page.
    var byteCount: Int {
        arena.count + attempts.count * MemoryLayout<Attempt>.stride + questions.count * MemoryLayout<Question>.stride
    }
}
