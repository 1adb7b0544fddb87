import ReportModel

/// Joins live and archived attempts of the same learners: a question that is in both (same content, attempt and
/// question id) appears once, as the first page that was added has it (design.md 6.1). Add live pages first.
struct AttemptMerger {
    private struct Key: Hashable {
        let learner: Int32
        let content: String
        let attempt: String
    }

    private struct Merged {
        var attempt: AttemptPage.Attempt
        var questions: [AttemptPage.Question]
        let key: Key
    }

    private var arena = ByteArena()
    private var attempts: [Merged] = []
    /// The question ids of each attempt that was added.
    private var known: [Key: Set<String>] = [:]
    /// Archived attempts that were live too.
    private(set) var copies = 0

    mutating func add(_ page: AttemptPage, isArchived: Bool = false) {
        for attempt in page.attempts {
            let key = Key(
                learner: attempt.learner, content: page.arena.text(attempt.content),
                attempt: page.arena.text(attempt.attempt))
            var questions = Array(
                page.questions[Int(attempt.questions.lowerBound)..<Int(attempt.questions.upperBound)])
            if let shown = known[key] {
                if isArchived { copies += 1 }
                questions.removeAll { shown.contains(page.arena.text($0.id)) }
                if questions.isEmpty { continue }
            }
            known[key, default: []].formUnion(questions.map { page.arena.text($0.id) })
            var kept = copied(attempt, from: page.arena)
            // What only the archive has stays an attempt of its own, since its time is shown in another form.
            kept.isArchived = isArchived
            attempts.append(
                Merged(attempt: kept, questions: questions.map { copied($0, from: page.arena) }, key: key))
        }
    }

    /// All attempts in the order that `AttemptPage` promises.
    consuming func merged() -> AttemptPage {
        var page = AttemptPage()
        let sorted = attempts.sorted { left, right in
            if left.key.learner != right.key.learner { return left.key.learner < right.key.learner }
            if left.attempt.attemptedOn != right.attempt.attemptedOn {
                guard let leftTime = left.attempt.attemptedOn else { return true }
                guard let rightTime = right.attempt.attemptedOn else { return false }
                return leftTime < rightTime
            }
            if left.key.attempt != right.key.attempt { return left.key.attempt.isBelow(right.key.attempt) }
            return left.key.content.isBelow(right.key.content)
        }
        for merged in sorted {
            var attempt = merged.attempt
            let start = Int32(page.questions.count)
            page.questions.append(contentsOf: merged.questions)
            attempt.questions = start..<Int32(page.questions.count)
            page.attempts.append(attempt)
        }
        page.arena = arena
        return page
    }

    private mutating func copied(_ attempt: AttemptPage.Attempt, from other: ByteArena) -> AttemptPage.Attempt {
        var copy = attempt
        copy.content = copied(attempt.content, from: other)
        copy.attempt = copied(attempt.attempt, from: other)
        copy.grandTotal = copied(attempt.grandTotal, from: other)
        return copy
    }

    private mutating func copied(_ question: AttemptPage.Question, from other: ByteArena) -> AttemptPage.Question {
        var copy = question
        copy.id = copied(question.id, from: other)
        copy.type = copied(question.type, from: other)
        copy.title = copied(question.title, from: other)
        copy.description = copied(question.description, from: other)
        copy.options = copied(question.options, from: other)
        copy.response = copied(question.response, from: other)
        return copy
    }

    private mutating func copied(_ slice: TextSlice, from other: ByteArena) -> TextSlice {
        slice.isAbsent ? .absent : other.withBytes(of: slice) { arena.append($0) }
    }
}

extension String {
    /// UTF-8 byte order, which is not `<` for text in other normal forms.
    fileprivate func isBelow(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
