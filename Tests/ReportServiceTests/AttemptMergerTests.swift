@testable import ReportService
import ReportModel
import Testing

@Suite struct AttemptMergerTests {
    private func page(_ attempts: [(learner: Int32, content: String, attempt: String, at: Int64?, questions: [String])])
        -> AttemptPage
    {
        var page = AttemptPage()
        for entry in attempts {
            var attempt = AttemptPage.Attempt(learner: entry.learner)
            attempt.content = page.arena.append(entry.content)
            attempt.attempt = page.arena.append(entry.attempt)
            attempt.attemptedOn = entry.at.map(Timestamp.init(milliseconds:))
            let start = Int32(page.questions.count)
            for id in entry.questions {
                var question = AttemptPage.Question()
                question.id = page.arena.append(id)
                page.questions.append(question)
            }
            attempt.questions = start..<Int32(page.questions.count)
            page.attempts.append(attempt)
        }
        return page
    }

    private func shown(_ page: AttemptPage) -> [String] {
        page.attempts.map { attempt in
            let questions = page.questions[Int(attempt.questions.lowerBound)..<Int(attempt.questions.upperBound)]
            let ids = questions.map { page.arena.text($0.id) }.joined(separator: ",")
            return "\(attempt.learner) \(page.arena.text(attempt.content)) \(page.arena.text(attempt.attempt)): \(ids)"
        }
    }

    @Test func `a question that is live and archived appears once`() {
        var merger = AttemptMerger()
        merger.add(page([(0, "do_1", "a1", 5, ["q1", "q2"])]))
        merger.add(page([(0, "do_1", "a1", 5, ["q2", "q3"])]), isArchived: true)
        #expect(merger.copies == 1)
        let merged = merger.merged()
        #expect(shown(merged) == ["0 do_1 a1: q1,q2", "0 do_1 a1: q3"])
        #expect(merged.attempts.map(\.isArchived) == [false, true])
    }

    @Test func `equal attempt ids of two contents stay apart`() {
        var merger = AttemptMerger()
        merger.add(page([(0, "do_1", "a1", 5, ["q1"])]))
        merger.add(page([(0, "do_2", "a1", 5, ["q1"])]))
        #expect(shown(merger.merged()) == ["0 do_1 a1: q1", "0 do_2 a1: q1"])
    }

    @Test func `attempts come by learner, time with missing first, attempt id, content id`() {
        var merger = AttemptMerger()
        merger.add(page([(1, "do_1", "a1", 5, []), (1, "do_1", "a2", 3, [])]))
        merger.add(page([(0, "do_9", "z", 9, []), (1, "do_2", "b", nil, []), (1, "do_0", "a1", 5, [])]))
        #expect(
            shown(merger.merged()) == ["0 do_9 z: ", "1 do_2 b: ", "1 do_1 a2: ", "1 do_0 a1: ", "1 do_1 a1: "])
    }

    @Test func `an archived copy without questions adds nothing`() {
        var merger = AttemptMerger()
        merger.add(page([(0, "do_1", "a1", 5, ["q1"])]))
        merger.add(page([(0, "do_1", "a1", 7, [])]))
        let merged = merger.merged()
        #expect(shown(merged) == ["0 do_1 a1: q1"])
        #expect(merged.attempts[0].attemptedOn == Timestamp(milliseconds: 5))
    }
}
