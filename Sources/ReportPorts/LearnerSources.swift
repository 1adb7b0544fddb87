public import ReportModel

/// How a batch's learners are cut into ranges.
public struct RosterPlan: Sendable {
    /// Learners enrolled in the batch, active or not.
    public var count: Int
    /// Ranges that cover the batch in order; each but the last holds exactly the number of learners asked for.
    /// Bounds depend on the data alone. At least one range, also of an empty batch.
    public var ranges: [UserRange]

    /// The cut of a batch.
    public init(count: Int, ranges: [UserRange]) {
        self.count = count
        self.ranges = ranges
    }
}

/// Who is enrolled in a batch.
public protocol RosterSource: Sendable {
    /// Counts the learners of `batch` and cuts them into ranges of `learnersPerRange`.
    func plan(of batch: BatchKey, learnersPerRange: Int) async throws -> RosterPlan

    /// The next at most `limit` learners of `range` with an id above `after` (nil: from its start), sorted; none at its end.
    func page(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) async throws -> LearnerKeys
}

/// Enrolments of a page of learners.
public protocol EnrolmentSource: Sendable {
    /// The enrolments of `keys` in `batch`; `contentStatus` is filled only if `withContentStatus`.
    func enrolments(of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool) async throws -> EnrolmentPage
}

/// Aggregates of a page of learners.
public protocol AggregateSource: Sendable {
    /// The aggregates of `keys` in the context of `batch` at `activities`, which are collection ids.
    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage
}

/// Attempts of a page of learners.
public protocol AttemptSource: Sendable {
    /// The attempts of `keys` in `batch`, from the start (`cursor` nil) or where the page before ended; about `limits.bytes`.
    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage
}

/// Attempts that were moved out of the live table (upstream.md 5.6); same promises as `AttemptSource`.
public protocol ArchiveSource: Sendable {
    /// Whether there is any archive of `batch`; most have none.
    func hasArchive(of batch: BatchKey) async throws -> Bool

    /// Archived attempts with questions, as `AttemptSource.attempts` gives live ones.
    func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage
}

/// Profiles of a page of learners.
public protocol ProfileSource: Sendable {
    /// The `fields` of the profiles of `keys`.
    func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage
}

/// Consent of a page of learners.
public protocol ConsentSource: Sendable {
    /// What `keys` answered for `collection` and `organisation`.
    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage
}

/// How a store reads a table for a run; told in the receipt.
public struct TableReading: Sendable, Hashable {
    /// The table.
    public var table: String
    /// The way, such as `scanned`.
    public var way: String
    /// Why this way.
    public var reason: String

    /// How a table is read.
    public init(table: String, way: String, reason: String) {
        self.table = table
        self.way = way
        self.reason = reason
    }
}

/// The sources that one run reads from, opened together so that they keep showing the same data.
public struct LearnerSources: Sendable {
    /// Who is enrolled.
    public var roster: any RosterSource
    /// Enrolments.
    public var enrolments: any EnrolmentSource
    /// Aggregates.
    public var aggregates: any AggregateSource
    /// Live attempts.
    public var attempts: any AttemptSource
    /// Archived attempts.
    public var archive: any ArchiveSource
    /// Profiles.
    public var profiles: any ProfileSource
    /// Consent.
    public var consents: any ConsentSource
    /// Batches, trees and titles as of the same moment as the learners; nil if the store cannot show them so.
    public var catalogue: (any CatalogueSource)?
    /// Which state of the data this is; equal texts promise equal data. Nil if the store has no versions.
    public var dataVersion: String?
    /// When the data was as the sources show it; nil if it is read while it changes.
    public var dataTime: Timestamp?
    /// How tables are read; empty where there is nothing to choose.
    public var readings: [TableReading] = []
    /// Ends the run's hold on the data.
    public var close: @Sendable () async -> Void

    /// The sources of one run.
    public init(
        roster: any RosterSource, enrolments: any EnrolmentSource, aggregates: any AggregateSource,
        attempts: any AttemptSource, archive: any ArchiveSource, profiles: any ProfileSource,
        consents: any ConsentSource, catalogue: (any CatalogueSource)? = nil, dataVersion: String?,
        dataTime: Timestamp?,
        close: @escaping @Sendable () async -> Void
    ) {
        self.roster = roster
        self.enrolments = enrolments
        self.aggregates = aggregates
        self.attempts = attempts
        self.archive = archive
        self.profiles = profiles
        self.consents = consents
        self.catalogue = catalogue
        self.dataVersion = dataVersion
        self.dataTime = dataTime
        self.close = close
    }
}

/// Opens the sources for a run.
public protocol LearnerStore: Sendable {
    /// The sources for a run about `batches`, which lets a store read them all in one go. Whole tables that are read, now or
    /// later in the run, are counted by `meter`.
    func open(for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter) async throws -> LearnerSources
}

extension LearnerStore {
    /// As `open(for:needs:meter:)`, for callers that show no progress.
    public func open(for batches: [BatchKey], needs: LearnerNeeds) async throws -> LearnerSources {
        try await open(for: batches, needs: needs, meter: ReadingMeter())
    }
}
