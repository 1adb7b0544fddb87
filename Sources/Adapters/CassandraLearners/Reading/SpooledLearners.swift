import CassandraAccess
import ReportModel
import ReportPorts
import SealedSpool

/// Who is enrolled, and how, from a spool.
struct SpooledEnrolments: Sendable {
    let spool: Spool
    let groups: BatchGroups
}

extension SpooledEnrolments: RosterSource {
    private struct Plan {
        var count = 0
        var bounds: [[UInt8]] = []
        var atBound: [UInt8] = []
    }

    func plan(of batch: BatchKey, learnersPerRange: Int) async throws -> RosterPlan {
        guard let group = groups.group(of: batch) else { return RosterPlan(count: 0, ranges: [.everybody]) }
        let (from, before) = BatchGroups.bounds(group, .everybody)
        let plan = try await spool.read(from: from, before: before, into: Plan()) { plan, key, _ in
            if plan.count > 0, plan.count % learnersPerRange == 0 { plan.bounds.append(plan.atBound) }
            plan.count += 1
            if plan.count % learnersPerRange == 0 {
                plan.atBound.removeAll(keepingCapacity: true)
                SpoolKey.firstText(of: key, into: &plan.atBound)
            }
            return true
        }
        let ranges = zip([nil] + plan.bounds, plan.bounds + [nil]).map { UserRange(after: $0, through: $1) }
        return RosterPlan(count: plan.count, ranges: ranges)
    }

    func page(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) async throws -> LearnerKeys {
        let rest = UserRange(after: after ?? range.after, through: range.through)
        guard let group = groups.group(of: batch) else { return LearnerKeys(arena: ByteArena(), ids: [], range: rest) }
        struct Ids {
            var arena = ByteArena()
            var ids: [TextSlice] = []
            var room: [UInt8] = []
        }
        let (from, before) = BatchGroups.bounds(group, rest)
        let found = try await spool.read(from: from, before: before, into: Ids()) { found, key, _ in
            found.room.removeAll(keepingCapacity: true)
            SpoolKey.firstText(of: key, into: &found.room)
            let slice = found.room.withUnsafeBytes { found.arena.append($0) }
            found.ids.append(slice)
            return found.ids.count < limit
        }
        let isFull = found.ids.count >= limit
        let end = isFull ? found.ids.last.map { found.arena.withBytes(of: $0) { Array($0) } } : rest.through
        return LearnerKeys(
            arena: found.arena, ids: found.ids, range: UserRange(after: rest.after, through: end ?? rest.through))
    }
}

extension SpooledEnrolments: EnrolmentSource {
    func enrolments(of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool) async throws -> EnrolmentPage {
        var page = EnrolmentPage()
        page.enrolments = Array(repeating: EnrolmentPage.Enrolment(), count: keys.count)
        guard keys.count > 0, let group = groups.group(of: batch) else { return page }
        let nobody = page
        let (from, before) = BatchGroups.bounds(group, keys.range)
        return try await spool.read(from: from, before: before, into: Matching(nobody, keys)) { state, key, payload in
            if let learner = state.learner(of: key) {
                let enrolment = EnrolmentFields.read(
                    payload, withContentStatus: withContentStatus, into: &state.page)
                state.page.enrolments[learner] = enrolment
            }
            return true
        }.page
    }
}

/// A page that is being filled from records that come in the order of its learners.
struct Matching<Page: Sendable>: Sendable {
    var page: Page
    private let keys: LearnerKeys
    private var room: [UInt8] = []
    private var start = 0

    init(_ page: Page, _ keys: LearnerKeys) {
        self.page = page
        self.keys = keys
    }

    /// The learner of a record; nil if the page has none.
    mutating func learner(of key: UnsafeRawBufferPointer) -> Int? {
        room.removeAll(keepingCapacity: true)
        SpoolKey.firstText(of: key, into: &room)
        var start = start
        defer { self.start = start }
        return room.withUnsafeBytes { keys.index(of: $0, from: &start) }
    }
}
