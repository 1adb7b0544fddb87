import ReportModel

extension SampleData {
    /// One in twenty of the first 20,000 learners is in the second batch too.
    static func isInSecondBatch(_ learner: SampleLearner) -> Bool { learner.index % 20 == 7 && learner.index < 20_000 }

    func addEnrolments(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        var rows = 1
        addEnrolment(learner, SampleCourse.course, SampleCourse.batch, to: &lines)
        if Self.isInSecondBatch(learner) {
            addEnrolment(learner, SampleCourse.course, SampleCourse.secondBatch, to: &lines)
            rows += 1
        }
        if learner.index < 20 {
            addEnrolment(learner, SampleCourse.treelessCourse, SampleCourse.treelessBatch, to: &lines)
            rows += 1
        }
        if learner.index == 0 {
            addEnrolment(learner, SampleCourse.retiredCourse, SampleCourse.retiredBatch, to: &lines)
            rows += 1
        }
        return rows
    }

    private func addEnrolment(_ learner: SampleLearner, _ course: String, _ batch: String, to lines: inout JSONLines) {
        var random = SampleRandom(seed: options.seed, purpose: 5, index: learner.index)
        lines.beginRow()
        addID("userid", learner, to: &lines)
        lines.name("courseid")
        lines.text(course)
        lines.name("batchid")
        lines.text(batch)
        lines.name("active")
        // Both ways of writing a truth value.
        let isTextual = learner.index % 16 == 3
        lines.raw(
            learner.enrolment == .inactive
                ? (isTextual ? "\"false\"" : "false") : isTextual ? "\"True\"" : "true")
        let enrolled = moment(withinDays: 20, &random)
        switch learner.enrolment {
        case .withoutDate: break
        case .oldDateOnly:
            lines.name("enrolleddate")
            let time = CalendarTime(enrolled)
            lines.text("2026-01-\(time.day < 10 ? "0" : "")\(time.day) 04:05:06:789+0000")
        default:
            lines.name("enrolled_date")
            lines.time(enrolled)
        }
        if learner.enrolment != .withoutStatus { addStatus(learner, to: &lines) }
        if learner.isCompleted {
            lines.name("completedon")
            lines.time(enrolled.adding(seconds: Double(86_400 * (1 + random.below(60)))))
            addCertificate(&random, learner, to: &lines)
        }
        lines.endRow()
    }

    private func addStatus(_ learner: SampleLearner, to lines: inout JSONLines) {
        lines.name("contentstatus")
        lines.open("{")
        for (place, leaf) in course.leaves.enumerated() where place <= learner.completedLeaves {
            lines.separate()
            lines.plain(leaf)
            lines.raw(place < learner.completedLeaves ? ":2" : ":1")
        }
        if learner.enrolment == .removedContent {
            lines.name("do_sample_removed")
            lines.raw("2")
        }
        lines.close("}")
    }

    /// Three in four of those who have completed the course, in the newer column or the older one; for some it failed.
    private func addCertificate(_ random: inout SampleRandom, _ learner: SampleLearner, to lines: inout JSONLines) {
        switch random.below(40) {
        case 0..<27:
            lines.name("issued_certificates")
            lines.raw("[{\"name\":\"Completion\",\"identifier\":\"certificate-")
            lines.number(learner.index)
            lines.raw("\"}]")
        case 27..<30:
            lines.name("certificates")
            lines.raw("[{\"name\":\"Completion\"}]")
        case 30:
            lines.name("certstatus")
            lines.raw("3")
        default:
            lines.name("issued_certificates")
            lines.raw("[]")
        }
    }

    func addAggregates(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        var rows = 0
        let contexts = [SampleCourse.batch] + (Self.isInSecondBatch(learner) ? [SampleCourse.secondBatch] : [])
        for batch in contexts {
            let count = learner.aggregateCount
            for place in 0..<count { addAggregate(learner, batch, place, to: &lines) }
            rows += count
        }
        return rows
    }

    /// The course's aggregate at place 0, that of a unit at another.
    private func addAggregate(_ learner: SampleLearner, _ batch: String, _ place: Int, to lines: inout JSONLines) {
        lines.beginRow()
        lines.name("activity_type")
        lines.raw("\"Course\"")
        lines.name("activity_id")
        if place == 0 { lines.text(SampleCourse.course) } else { lines.plain(course.units[place - 1].identifier) }
        addID("user_id", learner, to: &lines)
        lines.name("context_id")
        lines.text("cb:" + batch)
        let completed = place == 0 ? learner.completedLeaves : completedLeaves(of: learner, unit: place - 1)
        // Rows from before `aggregates` have only the older column.
        let isOld = learner.index % 50 == 11
        lines.name(isOld ? "agg" : "aggregates")
        lines.open("{")
        lines.name("completedCount")
        lines.number(completed)
        if !isOld { lines.raw(".0") }
        if place == 0, !isOld, learner.index % 4 != 0 {
            lines.name("timespent")
            lines.number(60 * (learner.index % 997))
            lines.raw(".0")
        }
        lines.close("}")
        lines.endRow()
    }

    private func completedLeaves(of learner: SampleLearner, unit: Int) -> Int {
        let before = course.units[..<unit].reduce(0) { $0 + $1.leaves.count }
        return min(max(0, learner.completedLeaves - before), course.units[unit].leaves.count)
    }
}
