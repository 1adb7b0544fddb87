import ReportModel

extension SampleData {
    /// What tells an attempt from the usual one.
    private struct Attempt {
        var number: Int
        var batch = SampleCourse.batch
        var hasTime = true
        var hasScore = true
        var hasQuestions = true
        /// The number of the attempt that it shares content, time and scores with.
        var likeNumber: Int?
        var isOutside = false
    }

    func addAttempts(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        let count = learner.attemptCount
        for number in 0..<count {
            var attempt = Attempt(number: number)
            let isFirst = number == 0
            attempt.hasTime = !(isFirst && learner.attempts == .withoutTime)
            attempt.hasScore = !(isFirst && learner.attempts == .withoutScore)
            attempt.hasQuestions = !(isFirst && learner.attempts == .withoutQuestions)
            if number == 1, learner.attempts == .tied { attempt.likeNumber = 0 }
            attempt.isOutside = number == count - 1 && learner.index % 97 == 5
            add(attempt, of: learner, to: &lines)
        }
        guard Self.isInSecondBatch(learner) else { return count }
        add(Attempt(number: 0, batch: SampleCourse.secondBatch), of: learner, to: &lines)
        return count + 1
    }

    /// Of some learners an attempt that is nowhere else, of others a copy of the first live one.
    func addArchived(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        switch learner.attempts {
        case .archived: add(Attempt(number: 1_000), of: learner, to: &lines)
        case .archivedTwice where learner.attemptCount > 0: add(Attempt(number: 0), of: learner, to: &lines)
        default: return 0
        }
        return 1
    }

    private func add(_ attempt: Attempt, of learner: SampleLearner, to lines: inout JSONLines) {
        let source = attempt.likeNumber ?? attempt.number
        var random = SampleRandom(seed: options.seed, purpose: 1_000 + UInt64(source), index: learner.index)
        let time = moment(withinDays: 120, &random)
        let quiz = source % course.units.count
        lines.beginRow()
        lines.name("course_id")
        lines.text(SampleCourse.course)
        lines.name("batch_id")
        lines.text(attempt.batch)
        addID("user_id", learner, to: &lines)
        lines.name("content_id")
        if attempt.isOutside { lines.raw("\"do_sample_outside\"") } else { lines.plain(course.units[quiz].quiz) }
        lines.name("attempt_id")
        lines.raw("\"")
        var id = SampleRandom(seed: options.seed, purpose: 7, index: learner.index)
        lines.hex(id.next(), digits: 16)
        lines.hex(UInt64(attempt.number), digits: 8)
        lines.raw("\"")
        if attempt.hasTime {
            lines.name("last_attempted_on")
            lines.time(time)
        }
        // Scores are counted in halves.
        let questions = attempt.hasQuestions ? options.questionsPerAttempt : 0
        let scores = (0..<max(1, questions)).map { _ in random.below(11) }
        if attempt.hasScore {
            lines.name("total_score")
            lines.halves(scores.reduce(0, +))
        }
        lines.name("total_max_score")
        lines.halves(scores.count * 10)
        lines.name("grand_total")
        lines.raw("\"")
        lines.halves(scores.reduce(0, +))
        lines.raw("/")
        lines.halves(scores.count * 10)
        lines.raw("\"")
        lines.name("question")
        if questions == 0 {
            lines.raw(attempt.number % 2 == 0 ? "null" : "[]")
        } else {
            lines.open("[")
            for place in 0..<questions {
                lines.separate()
                addQuestion(place, quiz: quiz, halves: scores[place], time: time, &random, to: &lines)
            }
            lines.close("]")
        }
        lines.endRow()
    }

    private func addQuestion(
        _ place: Int, quiz: Int, halves: Int, time: Timestamp, _ random: inout SampleRandom, to lines: inout JSONLines
    ) {
        let kind = quiz * 31 + place
        lines.open("{")
        lines.name("id")
        lines.raw("\"do_sample_question_")
        lines.number(quiz + 1)
        lines.raw("_")
        lines.number(place + 1)
        lines.raw("\"")
        lines.name("assess_ts")
        lines.time(time)
        lines.name("max_score")
        lines.raw("5.0")
        lines.name("score")
        lines.halves(halves)
        lines.name("type")
        lines.raw(kind % 3 == 0 ? "\"mcq\"" : kind % 3 == 1 ? "\"ftb\"" : "\"mtf\"")
        lines.name("title")
        lines.raw(texts.titles[kind % texts.titles.count])
        lines.name("resvalues")
        lines.raw("[{\"1\":")
        lines.raw(pick(texts.answers, &random))
        lines.raw("}]")
        lines.name("params")
        lines.raw("[{\"1\":")
        lines.raw(texts.answers[kind % texts.answers.count])
        lines.raw("},{\"answer\":\"{\\\"correct\\\":[\\\"1\\\"]}\"}]")
        lines.name("description")
        lines.raw("\"\"")
        if random.below(20) > 0 {
            lines.name("duration")
            lines.halves(2 + random.below(240))
        }
        lines.close("}")
    }
}
