import ReportModel

/// Makes the pages that sources would give for some learners, in the order that they promise.
struct Pages {
    let needs: LearnerNeeds

    /// Pages of at most `size` learners.
    func learners(_ learners: [Learner], size: Int) -> [(page: LearnerPage, learners: [Learner])] {
        let sorted = learners.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        return stride(from: 0, to: max(sorted.count, 1), by: size).map { start in
            let part = Array(sorted[min(start, sorted.count)..<min(start + size, sorted.count)])
            return (page(of: part), part)
        }
    }

    /// Pages of at most `size` attempts of the learners of one page.
    func attempts(of learners: [Learner], size: Int) -> [AttemptPage] {
        if needs.attempts == .none { return [] }
        var pages = [AttemptPage()]
        for (index, learner) in learners.enumerated() {
            for attempt in learner.attempts.sorted(by: comesFirst) {
                if let full = pages.last, full.attempts.count == size { pages.append(AttemptPage()) }
                add(attempt, of: Int32(index), to: &pages[pages.count - 1])
            }
        }
        return pages
    }

    private func page(of learners: [Learner]) -> LearnerPage {
        var keys = ByteArena()
        let ids = learners.map { keys.append($0.id) }
        var enrolments = EnrolmentPage()
        var profiles = ProfilePage(fields: needs.profileFields)
        var aggregates = AggregatePage()
        var consents = ConsentPage()
        for (index, learner) in learners.enumerated() {
            add(learner, to: &enrolments)
            if !needs.profileFields.isEmpty { add(learner.profile, to: &profiles) }
            for aggregate in learner.aggregates.sorted(by: { $0.activity < $1.activity })
            where needs.aggregates.contains(aggregate.activity) {
                aggregates.aggregates.append(
                    .init(
                        learner: Int32(index), activity: aggregates.arena.append(aggregate.activity),
                        completedCount: aggregate.completedCount, timeSpent: aggregate.timeSpent))
            }
            consents.consents.append(
                learner.consent.map { consent in
                    var answer = ConsentPage.Consent()
                    answer.status = consents.arena.append(optional: consent.status)
                    answer.expiry = consents.arena.append(optional: consent.expiry)
                    answer.updatedOn = time(consent.updatedOn)
                    return answer
                })
        }
        return LearnerPage(
            keys: LearnerKeys(arena: keys, ids: ids, range: .everybody), enrolments: enrolments, profiles: profiles,
            aggregates: aggregates, consents: needs.consent ? consents : nil)
    }

    private func add(_ learner: Learner, to page: inout EnrolmentPage) {
        var enrolment = EnrolmentPage.Enrolment()
        enrolment.isActive = learner.isActive
        enrolment.enrolledOn = time(learner.enrolledOn)
        enrolment.enrolledText = page.arena.append(optional: learner.enrolledText)
        enrolment.completedOn = time(learner.completedOn)
        enrolment.hasCertificate = learner.hasCertificate
        enrolment.certificateStatus = learner.certificateStatus
        let start = Int32(page.contentStatus.count)
        if needs.contentStatus {
            for entry in learner.contentStatus {
                page.contentStatus.append(.init(content: page.arena.append(entry.content), status: entry.status))
            }
        }
        enrolment.contentStatus = start..<Int32(page.contentStatus.count)
        page.enrolments.append(enrolment)
    }

    private func add(_ profile: [ProfileField: String]?, to page: inout ProfilePage) {
        page.exists.append(profile != nil)
        for field in page.fields { page.values.append(page.arena.append(optional: profile?[field])) }
    }

    private func add(_ attempt: Attempt, of learner: Int32, to page: inout AttemptPage) {
        var row = AttemptPage.Attempt(learner: learner)
        row.content = page.arena.append(attempt.content)
        row.attempt = page.arena.append(attempt.id)
        row.attemptedOn = time(attempt.on)
        row.totalScore = attempt.score
        row.totalMaxScore = attempt.maximum
        row.isArchived = attempt.isArchived
        row.grandTotal = page.arena.append(optional: attempt.grandTotal)
        let durations = attempt.questions.compactMap(\.duration)
        row.duration = attempt.duration ?? (durations.isEmpty ? nil : durations.reduce(0, +))
        let start = Int32(page.questions.count)
        if needs.attempts == .questions { for question in attempt.questions { add(question, to: &page) } }
        row.questions = start..<Int32(page.questions.count)
        page.attempts.append(row)
    }

    private func add(_ question: Question, to page: inout AttemptPage) {
        var row = AttemptPage.Question()
        row.id = page.arena.append(optional: question.id)
        row.type = page.arena.append(optional: question.type)
        row.title = page.arena.append(optional: question.title)
        row.description = page.arena.append(optional: question.description)
        row.duration = question.duration
        row.score = question.score
        row.maxScore = question.maximum
        row.options = page.arena.append(optional: question.options)
        row.response = page.arena.append(optional: question.response)
        page.questions.append(row)
    }

    private func comesFirst(_ left: Attempt, _ right: Attempt) -> Bool {
        let leftTime = time(left.on)?.milliseconds ?? .min
        let rightTime = time(right.on)?.milliseconds ?? .min
        return (leftTime, left.id, left.content) < (rightTime, right.id, right.content)
    }

    private func time(_ text: String?) -> Timestamp? { text.flatMap { Timestamp($0) } }
}

extension ByteArena {
    fileprivate mutating func append(optional text: String?) -> TextSlice { text.map { append($0) } ?? .absent }
}
