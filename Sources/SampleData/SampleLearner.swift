import ReportModel

/// What is decided about a learner, the same for all files.
struct SampleLearner {
    /// Special enrolments, of a thousand: 20, 10, 20, 10 and 10.
    enum EnrolmentCase { case usual, inactive, withoutDate, oldDateOnly, withoutStatus, removedContent }
    /// Special profiles, of a thousand: 10, 10, 50, 20, 5, 5, 10 and 10.
    enum ProfileCase {
        case usual, missing, withoutOrganisation, otherOrganisation, withoutLastName, undecryptable, brokenLines
        case withoutContact, blankName
    }
    /// Special consent, of a thousand: 50, 50, 30, 5, 20 and 10.
    enum ConsentCase { case usual, missing, revoked, expired, unreadableExpiry, lowerCase, otherOrganisation }
    /// Special attempts, of a thousand: 10, 20, 10, 10, 10 and 10.
    enum AttemptCase { case usual, withoutTime, withoutQuestions, withoutScore, tied, archived, archivedTwice }

    static let idCount = 36

    let index: Int
    let enrolment: EnrolmentCase
    let profile: ProfileCase
    let consent: ConsentCase
    let attempts: AttemptCase
    /// Leaves that the learner has completed, the first so many.
    let completedLeaves: Int
    /// Whether `completedon` is set; so for one in five learners, mostly those who have completed every leaf.
    let isCompleted: Bool
    private let options: SampleOptions

    init(_ index: Int, _ options: SampleOptions, leaves: Int) {
        self.index = index
        self.options = options
        func slot(_ step: Int) -> Int { SampleSlots(step: step, seed: options.seed).slot(index) }
        enrolment =
            switch slot(367) {
            case 0..<20: .inactive
            case 20..<30: .withoutDate
            case 30..<50: .oldDateOnly
            case 50..<60: .withoutStatus
            case 60..<70: .removedContent
            default: .usual
            }
        profile =
            switch slot(571) {
            case 0..<10: .missing
            case 10..<20: .withoutOrganisation
            case 20..<70: .otherOrganisation
            case 70..<90: .withoutLastName
            case 90..<95: .undecryptable
            case 95..<100: .brokenLines
            case 100..<110: .withoutContact
            case 110..<120: .blankName
            default: .usual
            }
        consent =
            switch slot(787) {
            case 0..<50: .missing
            case 50..<100: .revoked
            case 100..<130: .expired
            case 130..<135: .unreadableExpiry
            case 135..<155: .lowerCase
            case 155..<165: .otherOrganisation
            default: .usual
            }
        attempts =
            switch slot(919) {
            case 0..<10: .withoutTime
            case 10..<30: .withoutQuestions
            case 30..<40: .withoutScore
            case 40..<50: .tied
            case 50..<60: .archived
            case 60..<70: .archivedTwice
            default: .usual
            }
        var random = SampleRandom(seed: options.seed, purpose: 1, index: index)
        let isDone = random.below(100) < 18
        completedLeaves = isDone ? leaves : random.below(leaves)
        isCompleted = isDone || random.below(100) < 2
    }

    /// A UUID-shaped id; ids rise with the index, spread over all first digits.
    func appendID(to lines: inout JSONLines) {
        var random = SampleRandom(seed: options.seed, purpose: 2, index: index)
        let step = UInt64(1) << 32 / UInt64(max(1, options.learners))
        let high = UInt64(index) &* step &+ (step > 1 ? UInt64(random.below(Int(step))) : 0)
        // Beyond 2^32 learners would share their first digits, so the index goes on in the last ones.
        lines.hex(high, digits: 8)
        for digits in [4, 4, 4] {
            lines.raw("-")
            lines.hex(random.next(), digits: digits)
        }
        lines.raw("-")
        lines.hex(UInt64(index), digits: 12)
    }

    /// Attempts of the learner: none for one in ten, whose share goes to the next.
    var attemptCount: Int {
        switch index % 10 {
        case 0: share(options.attemptsPerLearner, of: index) * (index == options.learners - 1 ? 1 : 0)
        case 1: share(options.attemptsPerLearner, of: index) + share(options.attemptsPerLearner, of: index - 1)
        default: share(options.attemptsPerLearner, of: index)
        }
    }

    /// Aggregates of the learner, the course's own first.
    var aggregateCount: Int { min(options.units + 1, share(options.aggregatesPerLearner, of: index)) }

    /// Of so many a learner on average, the whole number that falls to one.
    private func share(_ average: Double, of index: Int) -> Int {
        Int((Double(index + 1) * average).rounded(.down)) - Int((Double(index) * average).rounded(.down))
    }
}
