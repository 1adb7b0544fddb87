/// What a report has to know of each learner; sources read nothing else.
public struct LearnerNeeds: Sendable, Hashable {
    /// How much of an attempt is needed.
    public enum Attempts: Sendable, Hashable {
        /// None.
        case none
        /// Scores, times and durations, without questions.
        case scores
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
}
