import ReportModel
import ReportPorts
import ReportRows

/// What one batch's learners are read from, and how much at once.
struct LearnerReading: Sendable {
    let sources: LearnerSources
    let batch: ResolvedBatch
    let needs: LearnerNeeds
    let limits: PageLimits
    /// Whether an archive of the batch has to be merged with the live attempts.
    let mergesArchive: Bool

    /// What is read at once: a page of learners with the first page of their attempts, or a further page of these. Attempts
    /// are read one page after the other, also from learners to learners: sources go on where they ended.
    struct Step: Sendable {
        var learners: LearnerPage
        /// Whether the page of learners begins with it.
        var begins = true
        var attempts: AttemptPage?
        /// Archived attempts that were live too.
        var archivedCopies = 0

        /// Whether the page of learners ends with it.
        var endsPage: Bool { attempts?.next == nil }
    }

    /// What follows `step` in `range`, at first nil; nil at the end of the range.
    func step(of range: UserRange, after step: Step?) async throws -> Step? {
        if let step, let cursor = step.attempts?.next {
            let more = try await attempts(of: step.learners.keys, from: cursor)
            return Step(learners: step.learners, begins: false, attempts: more)
        }
        return try await page(of: range, after: step?.learners.keys.lastID)
    }

    private func page(of range: UserRange, after: [UInt8]?) async throws -> Step? {
        try Task.checkCancellation()
        let keys = try await sources.roster.page(
            of: batch.batch.key, range: range, after: after,
            limit: mergesArchive ? min(limits.learners, Self.learnersWithArchive) : limits.learners)
        if keys.count == 0 { return nil }
        async let enrolments = sources.enrolments.enrolments(
            of: keys, in: batch.batch.key, withContentStatus: needs.contentStatus)
        async let profiles = profiles(of: keys)
        async let aggregates = aggregates(of: keys)
        async let consents = consents(of: keys)
        async let attempts = firstAttempts(of: keys)
        let page = LearnerPage(
            keys: keys, enrolments: try await enrolments, profiles: try await profiles,
            aggregates: try await aggregates, consents: try await consents)
        let (first, copies) = try await attempts
        return Step(learners: page, attempts: first, archivedCopies: copies)
    }

    private func attempts(of keys: LearnerKeys, from cursor: AttemptCursor?) async throws -> AttemptPage {
        try Task.checkCancellation()
        return try await sources.attempts.attempts(
            of: keys, in: batch.batch.key, withQuestions: needs.attempts == .questions, limits: limits, from: cursor)
    }

    /// With an archive, all attempts of a page of learners are held at once, so there are fewer learners in it.
    static let learnersWithArchive = 200

    private func firstAttempts(of keys: LearnerKeys) async throws -> (AttemptPage?, copies: Int) {
        if needs.attempts == .none { return (nil, 0) }
        let live = try await attempts(of: keys, from: nil)
        guard mergesArchive else { return (live, 0) }
        return try await withArchive(live, of: keys)
    }

    private func withArchive(_ first: AttemptPage, of keys: LearnerKeys) async throws -> (AttemptPage?, copies: Int) {
        var merger = AttemptMerger()
        merger.add(first)
        var last = first
        while let next = last.next {
            last = try await attempts(of: keys, from: next)
            merger.add(last)
        }
        var cursor: AttemptCursor?
        repeat {
            let archived = try await sources.archive.archivedAttempts(
                of: keys, in: batch.batch.key, limits: limits, from: cursor)
            merger.add(archived, isArchived: true)
            cursor = archived.next
        } while cursor != nil
        let copies = merger.copies
        return (merger.merged(), copies)
    }

    private func profiles(of keys: LearnerKeys) async throws -> ProfilePage {
        if needs.profileFields.isEmpty {
            var none = ProfilePage(fields: [])
            none.exists = Array(repeating: true, count: keys.count)
            return none
        }
        return try await sources.profiles.profiles(of: keys, fields: needs.profileFields)
    }

    private func aggregates(of keys: LearnerKeys) async throws -> AggregatePage {
        if needs.aggregates.isEmpty { return AggregatePage() }
        return try await sources.aggregates.aggregates(
            of: keys, in: batch.batch.key, activities: needs.aggregates)
    }

    private func consents(of keys: LearnerKeys) async throws -> ConsentPage? {
        if !needs.consent { return nil }
        return try await sources.consents.consents(
            of: keys, collection: batch.collection.identifier, organisation: batch.requestingOrganisation)
    }
}
