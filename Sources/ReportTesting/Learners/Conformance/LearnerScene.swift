import ReportModel
public import ReportPorts

/// A learner store, catalogue and policies that hold `LearnerScene.tables`, to be checked against the promises of the ports.
public struct LearnerScene: Sendable {
    /// Learner data.
    public var store: any LearnerStore
    /// Batches and collections.
    public var catalogue: any CatalogueSource
    /// Policies and keys.
    public var policies: any PolicySource

    /// What an adapter made of the tables.
    public init(store: any LearnerStore, catalogue: any CatalogueSource, policies: any PolicySource) {
        self.store = store
        self.catalogue = catalogue
        self.policies = policies
    }

    /// The scene in memory.
    public static func memory() throws -> LearnerScene {
        let tables = try tables()
        let catalogue = MemoryCatalogue(tables)
        return LearnerScene(store: MemoryLearners(tables), catalogue: catalogue, policies: catalogue)
    }

    // MARK: Asking

    static let batch = BatchKey(collection: "do_a", batch: "b1")
    /// All batches that the checks ask about, and what they ask.
    private static let batches = [
        batch, BatchKey(collection: "do_a", batch: "b2"), BatchKey(collection: "do_b", batch: "b1"),
    ]
    private static let needs = LearnerNeeds(
        contentStatus: true, aggregates: ["do_a", "do_a_unit", "do_none"], attempts: .questions, archivedAttempts: true,
        consent: true)

    /// Opens the sources, and closes them when `body` is done.
    func reading<Result>(_ body: (LearnerSources) async throws -> Result) async throws -> Result {
        let sources = try await store.open(for: Self.batches, needs: Self.needs)
        do {
            let result = try await body(sources)
            await sources.close()
            return result
        } catch {
            await sources.close()
            throw error
        }
    }

    /// The learners of a batch, page by page.
    static func pages(
        _ sources: LearnerSources, of batch: BatchKey = batch, range: UserRange = .everybody, limit: Int
    ) async throws -> [LearnerKeys] {
        var pages: [LearnerKeys] = []
        var after: [UInt8]?
        while true {
            let page = try await sources.roster.page(of: batch, range: range, after: after, limit: limit)
            guard let last = page.ids.last else { return pages }
            pages.append(page)
            after = page.arena.withBytes(of: last) { Array($0) }
        }
    }

    /// All learners of a batch as one page.
    static func everybody(_ sources: LearnerSources, of batch: BatchKey = batch) async throws -> LearnerKeys {
        try await sources.roster.page(of: batch, range: .everybody, after: nil, limit: 1_000)
    }

    /// All attempts of a page of learners, through as many pages as it takes.
    static func attempts(
        _ sources: LearnerSources, of keys: LearnerKeys, in batch: BatchKey = batch, withQuestions: Bool = false,
        bytes: Int = 1 << 20, archived: Bool = false
    ) async throws -> (pages: Int, attempts: [AttemptLine]) {
        var lines: [AttemptLine] = []
        var cursor: AttemptCursor?
        var pages = 0
        let limits = PageLimits(bytes: bytes)
        repeat {
            let page =
                archived
                ? try await sources.archive.archivedAttempts(of: keys, in: batch, limits: limits, from: cursor)
                : try await sources.attempts.attempts(
                    of: keys, in: batch, withQuestions: withQuestions, limits: limits, from: cursor)
            lines += page.attempts.map { AttemptLine($0, in: page, of: keys) }
            cursor = page.next
            pages += 1
        } while cursor != nil
        return (pages, lines)
    }
}

extension LearnerKeys {
    /// The ids as text.
    var texts: [String] { ids.map { arena.text($0) } }
}

extension ByteArena {
    /// A value as text, nil if it is absent.
    func optionalText(_ slice: TextSlice) -> String? { slice.isAbsent ? nil : text(slice) }
}

/// An attempt with its texts, to be compared.
struct AttemptLine: Hashable {
    struct Question: Hashable {
        var texts: [String?]
        var numbers: [Double?]
        var options: String?
        var response: String?
    }

    var learner: String
    var attempt: String?
    var content: String?
    var time: Timestamp?
    var numbers: [Double?]
    var grandTotal: String?
    var questions: [Question]

    init(_ attempt: AttemptPage.Attempt, in page: AttemptPage, of keys: LearnerKeys) {
        learner = keys.arena.text(keys.ids[Int(attempt.learner)])
        self.attempt = page.arena.optionalText(attempt.attempt)
        content = page.arena.optionalText(attempt.content)
        time = attempt.attemptedOn
        numbers = [attempt.totalScore, attempt.totalMaxScore, attempt.duration]
        grandTotal = page.arena.optionalText(attempt.grandTotal)
        questions = attempt.questions.map { index in
            let question = page.questions[Int(index)]
            return Question(
                texts: [question.id, question.type, question.title, question.description].map(page.arena.optionalText),
                numbers: [question.duration, question.score, question.maxScore],
                options: page.arena.optionalText(question.options), response: page.arena.optionalText(question.response)
            )
        }
    }

    /// Learner, attempt and content.
    var place: String { "\(learner) \(attempt ?? "-") \(content ?? "-")" }
}
