public import ReportModel
public import ReportPorts

extension MemoryLearners: AggregateSource {
    /// As `AggregateSource` says.
    public func aggregates(
        of keys: LearnerKeys, in batch: BatchKey, activities: [String]
    ) async throws -> AggregatePage {
        var page = AggregatePage()
        let found = rows(
            "user_activity_agg", of: keys, user: "user_id", where: ["context_id": "cb:" + batch.batch],
            key: ["activity_type", "activity_id", "user_id"])
        for (learner, rows) in found.enumerated() {
            for activity in Set(activities).sorted(by: precedes) {
                let row = rows.filter { $0["activity_id"]?.text == activity }
                    .min { precedes($0["activity_type"]?.text ?? "", $1["activity_type"]?.text ?? "") }
                guard let row else { continue }
                let aggregates = try row["aggregates"]?.cellJSON()
                let older = try row["agg"]?.cellJSON()
                page.aggregates.append(
                    AggregatePage.Aggregate(
                        learner: Int32(learner), activity: page.arena.append(activity),
                        completedCount: aggregates?["completedCount"]?.cellNumber
                            ?? older?["completedCount"]?.cellNumber,
                        timeSpent: aggregates?["timespent"]?.cellNumber))
            }
        }
        return page
    }
}

extension MemoryLearners: AttemptSource, ArchiveSource {
    /// As `AttemptSource` says; a page ends when its texts have `limits.bytes`.
    public func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        try attempts("assessment_aggregator", of: keys, in: batch, withQuestions, limits, cursor)
    }

    /// As `ArchiveSource` says.
    public func hasArchive(of batch: BatchKey) async throws -> Bool {
        !rows("assessment_archive", where: wanted(batch), key: []).isEmpty
    }

    /// As `ArchiveSource` says.
    public func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        try attempts("assessment_archive", of: keys, in: batch, true, limits, cursor)
    }

    private func wanted(_ batch: BatchKey) -> [String: String] {
        ["course_id": batch.collection, "batch_id": batch.batch]
    }

    private func attempts(
        _ table: String, of keys: LearnerKeys, in batch: BatchKey, _ withQuestions: Bool, _ limits: PageLimits,
        _ cursor: AttemptCursor?
    ) throws -> AttemptPage {
        let found = rows(
            table, of: keys, user: "user_id", where: wanted(batch), key: ["user_id", "content_id", "attempt_id"])
        let all = found.enumerated().flatMap { learner, rows in
            rows.sorted { Self.order($0, $1) }.map { (learner: Int32(learner), row: $0) }
        }
        var page = AttemptPage()
        var place = cursor?.state as? Int ?? 0
        while place < all.count, page.arena.count < limits.bytes || page.attempts.isEmpty {
            try add(all[place].row, learner: all[place].learner, withQuestions, to: &page)
            place += 1
        }
        if place < all.count { page.next = AttemptCursor(state: place) }
        return page
    }

    private static func order(_ left: JSONValue, _ right: JSONValue) -> Bool {
        let times = [left, right].map { $0["last_attempted_on"]?.cellTime?.milliseconds ?? .min }
        if times[0] != times[1] { return times[0] < times[1] }
        for column in ["attempt_id", "content_id"] {
            let texts = [left, right].map { $0[column]?.cellText ?? "" }
            if texts[0] != texts[1] { return precedes(texts[0], texts[1]) }
        }
        return false
    }

    private func add(_ row: JSONValue, learner: Int32, _ withQuestions: Bool, to page: inout AttemptPage) throws {
        var attempt = AttemptPage.Attempt(learner: learner)
        attempt.content = page.arena.append(cell: row["content_id"])
        attempt.attempt = page.arena.append(cell: row["attempt_id"])
        attempt.attemptedOn = row["last_attempted_on"]?.cellTime
        attempt.totalScore = row["total_score"]?.cellNumber
        attempt.totalMaxScore = row["total_max_score"]?.cellNumber
        attempt.grandTotal = page.arena.append(cell: row["grand_total"])
        let questions = try row["question"]?.cellJSON()?.elements ?? []
        for question in questions {
            guard let duration = question["duration"]?.cellNumber else { continue }
            attempt.duration = (attempt.duration ?? 0) + duration
        }
        if withQuestions {
            let start = Int32(page.questions.count)
            for question in questions { page.questions.append(Self.question(question, &page.arena)) }
            attempt.questions = start..<Int32(page.questions.count)
        }
        page.attempts.append(attempt)
    }

    private static func question(_ json: JSONValue, _ arena: inout ByteArena) -> AttemptPage.Question {
        var question = AttemptPage.Question()
        question.id = arena.append(cell: json["id"])
        question.type = arena.append(cell: json["type"])
        question.title = arena.append(cell: json["title"])
        question.description = arena.append(cell: json["description"])
        question.duration = json["duration"]?.cellNumber
        question.score = json["score"]?.cellNumber
        question.maxScore = json["max_score"]?.cellNumber
        question.options = arena.append(cell: json["params"])
        question.response = arena.append(cell: json["resvalues"])
        return question
    }
}

extension ByteArena {
    fileprivate mutating func append(cell: JSONValue?) -> TextSlice {
        cell?.cellText.map { append($0) } ?? .absent
    }
}

extension MemoryLearners: ProfileSource, ConsentSource {
    /// As `ProfileSource` says.
    public func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage {
        var page = ProfilePage(fields: fields)
        for rows in rows("user", of: keys, user: "userid", where: [:], key: ["userid"]) {
            page.exists.append(!rows.isEmpty)
            for field in fields { page.values.append(page.arena.append(cell: rows.last?[field.rawValue])) }
        }
        return page
    }

    /// As `ConsentSource` says.
    public func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        var page = ConsentPage()
        let wanted = ["object_id": collection, "consumer_id": organisation]
        for rows in rows("user_consent", of: keys, user: "user_id", where: wanted, key: ["user_id"]) {
            page.consents.append(
                rows.last.map { row in
                    var consent = ConsentPage.Consent()
                    consent.status = page.arena.append(cell: row["status"])
                    consent.expiry = page.arena.append(cell: row["expiry"])
                    consent.updatedOn = row["last_updated_on"]?.cellTime
                    return consent
                })
        }
        return page
    }
}
