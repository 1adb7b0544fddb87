/// The learners that are read at once, with everything about them but their attempts, which follow in pages of their own.
public struct LearnerPage: Sendable {
    /// Who they are.
    public let keys: LearnerKeys
    /// Their enrolments.
    public let enrolments: EnrolmentPage
    /// Their profiles; without fields if none were asked for.
    public let profiles: ProfilePage
    /// Their aggregates; empty if none were asked for.
    public let aggregates: AggregatePage
    /// Their consent; nil if it was not asked for.
    public let consents: ConsentPage?

    /// A page of learners; every part must be about the learners of `keys`.
    public init(
        keys: LearnerKeys, enrolments: EnrolmentPage, profiles: ProfilePage, aggregates: AggregatePage,
        consents: ConsentPage?
    ) {
        self.keys = keys
        self.enrolments = enrolments
        self.profiles = profiles
        self.aggregates = aggregates
        self.consents = consents
    }
}

/// How much is read at once: whichever limit is met first ends the page.
public struct PageLimits: Sendable, Hashable {
    /// Learners in a page.
    public var learners: Int
    /// Bytes of a page of attempts.
    public var bytes: Int

    /// Limits of a page; the setting names are `page.learners` and `page.bytes`.
    public init(learners: Int = 2_000, bytes: Int = 768 << 10) {
        self.learners = learners
        self.bytes = bytes
    }
}
