/// What `user_consent` says of the learners of a page, for one collection and one organisation (upstream.md 1.9).
public struct ConsentPage: Sendable {
    /// One learner's answer.
    public struct Consent: Sendable {
        /// `status`, such as `ACTIVE` or `revoked`.
        public var status = TextSlice.absent
        /// `expiry` as stored; absent or empty never expires.
        public var expiry = TextSlice.absent
        /// `last_updated_on`.
        public var updatedOn: Timestamp?

        /// An answer of which nothing is known.
        public init() {}
    }

    /// The bytes of all texts.
    public var arena = ByteArena()
    /// One for each learner of the page; nil where the learner never answered.
    public var consents: [Consent?] = []

    /// An empty page.
    public init() {}
}
