/// What a report has to know of each learner; sources read nothing else.
public struct LearnerNeeds: Sendable, Hashable {
    /// How much of an attempt is needed; a later case includes what the earlier ones are.
    public enum Attempts: Sendable, Hashable, Comparable {
        /// None.
        case none
        /// Scores and times.
        case scores
        /// How long the questions took, too.
        case durations
        /// Everything, with questions.
        case questions
    }

    /// Whether the map `contentstatus` is needed.
    public var contentStatus: Bool
    /// The profile fields, in the order in which the report will ask for them.
    public var profileFields: [ProfileField]
    /// Identifiers of the collections whose aggregates are needed; empty for none.
    public var aggregates: [String]
    /// How much of the attempts.
    public var attempts: Attempts
    /// Whether archived attempts count too.
    public var archivedAttempts: Bool
    /// Whether consent is needed.
    public var consent: Bool

    /// Needs of a report; the default is nothing but who is enrolled.
    public init(
        contentStatus: Bool = false, profileFields: [ProfileField] = [], aggregates: [String] = [],
        attempts: Attempts = .none, archivedAttempts: Bool = false, consent: Bool = false
    ) {
        self.contentStatus = contentStatus
        self.profileFields = profileFields
        self.aggregates = aggregates
        self.attempts = attempts
        self.archivedAttempts = archivedAttempts
        self.consent = consent
    }

    /// Needs also what `other` needs: for a store that reads several batches in one go.
    public mutating func formUnion(_ other: LearnerNeeds) {
        contentStatus = contentStatus || other.contentStatus
        profileFields += other.profileFields.filter { !profileFields.contains($0) }
        aggregates += other.aggregates.filter { !aggregates.contains($0) }
        attempts = max(attempts, other.attempts)
        archivedAttempts = archivedAttempts || other.archivedAttempts
        consent = consent || other.consent
    }
}
