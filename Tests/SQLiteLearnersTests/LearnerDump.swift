import ReportModel
import ReportPorts

/// Everything that sources say of a batch, one text a learner, to be compared.
enum LearnerDump {
    static func read(_ sources: LearnerSources, batch: BatchKey, learners: Int, bytes: Int) async throws -> [String] {
        var lines: [String] = []
        let plan = try await sources.roster.plan(of: batch, learnersPerRange: 250)
        for range in plan.ranges {
            var after: [UInt8]?
            while true {
                let keys = try await sources.roster.page(of: batch, range: range, after: after, limit: learners)
                guard let last = keys.ids.last else { break }
                after = keys.arena.withBytes(of: last) { Array($0) }
                lines += try await page(sources, keys, batch, PageLimits(bytes: bytes))
            }
        }
        return lines
    }

    private static func page(
        _ sources: LearnerSources, _ keys: LearnerKeys, _ batch: BatchKey, _ limits: PageLimits
    ) async throws -> [String] {
        var lines = keys.ids.map { keys.arena.text($0) }
        let enrolments = try await sources.enrolments.enrolments(of: keys, in: batch, withContentStatus: true)
        for (learner, enrolment) in enrolments.enrolments.enumerated() {
            lines[learner] +=
                " \(enrolment.isActive) \(enrolment.enrolledOn?.milliseconds ?? -1) "
                + "\(enrolments.arena.text(enrolment.enrolledText)) \(enrolment.completedOn?.milliseconds ?? -1) "
                + "\(enrolment.hasCertificate) \(enrolment.certificateStatus ?? -1)"
            for index in enrolment.contentStatus {
                let entry = enrolments.contentStatus[Int(index)]
                lines[learner] += " \(enrolments.arena.text(entry.content))=\(entry.status)"
            }
        }
        let activities = ["do_sample_course", "do_sample_unit_1", "do_sample_unit_3", "do_sample_unit_4"]
        let aggregates = try await sources.aggregates.aggregates(of: keys, in: batch, activities: activities)
        for row in aggregates.aggregates {
            lines[Int(row.learner)] +=
                " \(aggregates.arena.text(row.activity)):\(row.completedCount ?? -1)/\(row.timeSpent ?? -1)"
        }
        let profiles = try await sources.profiles.profiles(of: keys, fields: ProfileField.allCases)
        for learner in keys.ids.indices {
            lines[learner] += " \(profiles.exists[learner])"
            for field in ProfileField.allCases.indices {
                let value = profiles.value(learner, field)
                lines[learner] += value.isAbsent ? " -" : " [\(profiles.arena.text(value))]"
            }
        }
        let consents = try await sources.consents.consents(
            of: keys, collection: batch.collection, organisation: "sample-org-1")
        for (learner, consent) in consents.consents.enumerated() {
            guard let consent else { continue }
            lines[learner] +=
                " \(consents.arena.text(consent.status)) \(consents.arena.text(consent.expiry)) "
                + "\(consent.updatedOn?.milliseconds ?? -1)"
        }
        for kind in 0..<3 {
            var cursor: AttemptCursor?
            repeat {
                let page =
                    kind == 2
                    ? try await sources.archive.archivedAttempts(of: keys, in: batch, limits: limits, from: cursor)
                    : try await sources.attempts.attempts(
                        of: keys, in: batch, withQuestions: kind == 1, limits: limits, from: cursor)
                for attempt in page.attempts { lines[Int(attempt.learner)] += text(attempt, in: page) }
                cursor = page.next
            } while cursor != nil
        }
        return lines
    }

    private static func text(_ attempt: AttemptPage.Attempt, in page: AttemptPage) -> String {
        var line =
            "\n  \(page.arena.text(attempt.attempt)) \(page.arena.text(attempt.content)) "
            + "\(attempt.attemptedOn?.milliseconds ?? -1) \(attempt.totalScore ?? -1) \(attempt.totalMaxScore ?? -1) "
            + "\(page.arena.text(attempt.grandTotal)) \(attempt.duration ?? -1)"
        for index in attempt.questions {
            let question = page.questions[Int(index)]
            let texts = [
                question.id, question.type, question.title, question.description, question.options, question.response,
            ]
            line += texts.map { $0.isAbsent ? "-" : page.arena.text($0) }.joined(separator: "|")
            line += " \(question.duration ?? -1) \(question.score ?? -1) \(question.maxScore ?? -1)"
        }
        return line
    }
}
