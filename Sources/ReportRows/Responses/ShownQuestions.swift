import ReportModel

/// The attempt and question ids of the rows that one learner has so far.
struct ShownQuestions: Sendable {
    private var pairs = IdentifierTable()
    private var learner: Int32 = -1
    private var pair: [UInt8] = []

    /// Begins a page of learners, whose numbers start again.
    mutating func beginPage() { learner = -1 }

    /// Notes a row; false if the learner has one with these ids already.
    mutating func insert(
        _ attempt: AttemptPage.Attempt, questionID: TextSlice, of page: AttemptPage
    ) -> Bool {
        if attempt.learner != learner {
            pairs.removeAll()
            learner = attempt.learner
        }
        // The length keeps `a` + `bc` and `ab` + `c` apart; a question without an id differs from one with an empty one.
        pair.removeAll(keepingCapacity: true)
        page.arena.withBytes(of: attempt.attempt) { bytes in
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count)) { pair.append(contentsOf: $0) }
            pair.append(contentsOf: bytes)
        }
        page.arena.withBytes(of: questionID) { pair.append(contentsOf: $0) }
        if questionID.isAbsent { pair.append(0) }
        return pair.withUnsafeBytes { pairs.insert($0).isNew }
    }
}
