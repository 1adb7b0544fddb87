import ReportModel
import SQLiteAccess

/// Where reading attempts goes on: behind this attempt.
struct AttemptPosition: Sendable {
    var user: [UInt8]
    var time: Int64
    var attempt: [UInt8]
    var content: [UInt8]
}

/// The two tables that hold attempts.
enum AttemptTable: String, Sendable {
    case live = "assessment_aggregator"
    case archived = "assessment_archive"
}

extension Database {
    /// Whether there is any attempt of a batch.
    func hasAttempts(of batch: BatchKey, in table: AttemptTable) throws -> Bool {
        guard let number = try batchNumber(batch) else { return false }
        return try with("SELECT 1 FROM \(table.rawValue) WHERE batch = ?1 LIMIT 1") { statement in
            try statement.bind(1, number)
            return try statement.step()
        }
    }

    /// Attempts of a page of learners, as many as `limits.bytes` allow but at least one.
    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, table: AttemptTable, withQuestions: Bool, limits: PageLimits,
        from position: AttemptPosition?
    ) throws -> AttemptPage {
        guard keys.count > 0, let number = try batchNumber(batch) else { return AttemptPage() }
        var range = keys.range
        if let position { range.after = position.user }
        let query = Self.query(table, withQuestions, range, isContinued: position != nil)
        return try with(query.sql) { statement in
            try query.bind(statement, scope: number)
            if let position {
                try statement.bind(4, position.time)
                try RangeQuery.bind(statement, 5, position.attempt)
                try RangeQuery.bind(statement, 6, position.content)
            }
            var reader = AttemptPageReader(keys, table, withQuestions, limits)
            while try statement.step() {
                try reader.read(statement)
                if reader.byteCount >= limits.bytes { return reader.continued(statement) }
            }
            return reader.page
        }
    }

    private static func query(
        _ table: AttemptTable, _ withQuestions: Bool, _ range: UserRange, isContinued: Bool
    ) -> RangeQuery {
        let name = table.rawValue
        return RangeQuery(
            "user_id, last_attempted_on, attempt_id, content_id, total_score, total_max_score, grand_total, duration"
                + (withQuestions ? ", question" : ""),
            from: withQuestions ? "\(name) LEFT JOIN \(name)_detail ON id = detail" : name,
            scope: "batch", user: "user_id", range: range,
            order: "user_id, last_attempted_on, attempt_id, content_id",
            lower: isContinued ? "(user_id, last_attempted_on, attempt_id, content_id) > (?2, ?4, ?5, ?6)" : nil)
    }
}

/// Fills a page of attempts row by row.
private struct AttemptPageReader {
    private(set) var page = AttemptPage()
    private let table: AttemptTable
    private let withQuestions: Bool
    private var matcher: LearnerMatcher
    private var room: [UInt8] = []

    init(_ keys: LearnerKeys, _ table: AttemptTable, _ withQuestions: Bool, _ limits: PageLimits) {
        matcher = LearnerMatcher(keys)
        // Growing costs a copy each time; most pages with questions come near the limit.
        page.arena = ByteArena(capacity: min(limits.bytes, withQuestions ? 4 << 20 : keys.count * 256))
        self.table = table
        self.withQuestions = withQuestions
    }

    /// About the memory of the page.
    var byteCount: Int {
        page.arena.count + page.attempts.count * MemoryLayout<AttemptPage.Attempt>.stride
            + page.questions.count * MemoryLayout<AttemptPage.Question>.stride
    }

    mutating func read(_ row: Statement) throws {
        guard let id = row.bytes(0), let learner = matcher.learner(id) else { return }
        var attempt = AttemptPage.Attempt(learner: Int32(learner))
        let time = row.integer(1)
        if time != AttemptTime.missing { attempt.attemptedOn = Timestamp(milliseconds: time) }
        attempt.attempt = page.arena.append(optional: row.bytes(2))
        attempt.content = page.arena.append(optional: row.bytes(3))
        attempt.totalScore = row.optionalDouble(4)
        attempt.totalMaxScore = row.optionalDouble(5)
        attempt.grandTotal = page.arena.append(optional: row.bytes(6))
        attempt.duration = row.optionalDouble(7)
        if withQuestions, let cell = row.bytes(8) {
            let first = Int32(page.questions.count)
            do throws(JSONFault) {
                try QuestionCells.read(cell, into: &page, room: &room)
            } catch {
                throw damagedCell(table.rawValue, "question", error)
            }
            attempt.questions = first..<Int32(page.questions.count)
        }
        page.attempts.append(attempt)
    }

    /// The page, to be continued behind the row that was read last.
    mutating func continued(_ row: Statement) -> AttemptPage {
        let position = AttemptPosition(
            user: row.bytes(0).map(Array.init) ?? [], time: row.integer(1),
            attempt: row.bytes(2).map(Array.init) ?? [], content: row.bytes(3).map(Array.init) ?? [])
        page.next = AttemptCursor(state: position)
        return page
    }
}
