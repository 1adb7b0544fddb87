import BlockingWork
public import ReportModel
public import ReportPorts
import SQLiteAccess

/// Learner data in `learners.db`. A run keeps the file that it opened, also when an import replaces it.
public struct SQLiteLearnerStore: LearnerStore {
    private let path: String
    private let limits: LearnerStoreLimits

    /// The store at path `path`, which an `Importer` made.
    public init(path: String, limits: LearnerStoreLimits = LearnerStoreLimits()) {
        self.path = path
        self.limits = limits
    }

    /// Opens the store for a run. Throws `notFound` if nothing was imported yet, and `newerVersion`.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        let connections = try await StoreConnections.open(path: path, limits: limits)
        let queue = connections.queue
        let tables = LearnerTables(queue: queue)
        return LearnerSources(
            roster: tables, enrolments: tables, aggregates: tables, attempts: tables, archive: tables,
            profiles: tables, consents: tables, catalogue: tables, dataVersion: connections.facts.dataVersion,
            dataTime: connections.facts.dataTime, close: { await queue.close() })
    }
}

/// The learner ports on the connections of one run: a hop to a thread for each page.
private struct LearnerTables: Sendable {
    let queue: ConnectionQueue

    private func position(_ cursor: AttemptCursor?) throws(ExhaustError) -> AttemptPosition? {
        guard let cursor else { return nil }
        guard let position = cursor.state as? AttemptPosition else {
            throw ExhaustError(.internalFault, "learner store: reading was to go on where another source ended")
        }
        return position
    }
}

extension LearnerTables: CatalogueReading {
    func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await queue.run(body)
    }
}

extension LearnerTables: RosterSource {
    func plan(of batch: BatchKey, learnersPerRange: Int) async throws -> RosterPlan {
        try await queue.run { try $0.plan(of: batch, learnersPerRange: learnersPerRange) }
    }

    func page(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) async throws -> LearnerKeys {
        try await queue.run { try $0.roster(of: batch, range: range, after: after, limit: limit) }
    }
}

extension LearnerTables: EnrolmentSource, AggregateSource, ProfileSource, ConsentSource {
    func enrolments(of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool) async throws -> EnrolmentPage {
        try await queue.run { try $0.enrolments(of: keys, in: batch, withContentStatus: withContentStatus) }
    }

    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage {
        try await queue.run { try $0.aggregates(of: keys, in: batch, activities: activities) }
    }

    func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage {
        try await queue.run { try $0.profiles(of: keys, fields: fields) }
    }

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        try await queue.run { try $0.consents(of: keys, collection: collection, organisation: organisation) }
    }
}

extension LearnerTables: AttemptSource, ArchiveSource {
    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        let position = try position(cursor)
        return try await queue.run {
            try $0.attempts(
                of: keys, in: batch, table: .live, withQuestions: withQuestions, limits: limits, from: position)
        }
    }

    func hasArchive(of batch: BatchKey) async throws -> Bool {
        try await queue.run { try $0.hasAttempts(of: batch, in: .archived) }
    }

    func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        let position = try position(cursor)
        return try await queue.run {
            try $0.attempts(
                of: keys, in: batch, table: .archived, withQuestions: true, limits: limits, from: position)
        }
    }
}
