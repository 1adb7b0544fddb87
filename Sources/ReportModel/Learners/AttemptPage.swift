/// What `assessment_aggregator` (or its archive) says of the learners of a page in their batch (upstream.md 1.7).
///
/// Attempts come by learner, then time (missing first), attempt id, content id; one learner's may span several of
/// these pages, one attempt's questions never do.
public struct AttemptPage: Sendable {
    /// One attempt of a learner at a content.
    public struct Attempt: Sendable {
        /// Index of the learner in the page of learners.
        public var learner: Int32
        /// `content_id`.
        public var content = TextSlice.absent
        /// `attempt_id`.
        public var attempt = TextSlice.absent
        /// `last_attempted_on`.
        public var attemptedOn: Timestamp?
        /// `total_score`.
        public var totalScore: Double?
        /// `total_max_score`.
        public var totalMaxScore: Double?
        /// `grand_total`, text such as `1.0/8.0`.
        public var grandTotal = TextSlice.absent
        /// Sum of `question.duration` in seconds, in stored order; nil if no question has one.
        public var duration: Double?
        /// Whether it comes from the archive: layout `sunbird` shows its time without a fraction (upstream.md 5.6).
        public var isArchived = false
        /// Its questions in stored order, in `AttemptPage.questions`; filled only if questions were asked for.
        public var questions: Range<Int32> = 0..<0

        /// An attempt of which nothing else is known.
        public init(learner: Int32) { self.learner = learner }
    }

    /// One element of an attempt's `question` list.
    public struct Question: Sendable {
        /// `id`.
        public var id = TextSlice.absent
        /// `type`, such as `mcq`.
        public var type = TextSlice.absent
        /// `title`.
        public var title = TextSlice.absent
        /// `description`.
        public var description = TextSlice.absent
        /// `duration` in seconds.
        public var duration: Double?
        /// `score`.
        public var score: Double?
        /// `max_score`.
        public var maxScore: Double?
        /// `params` as compact JSON with sorted keys; absent if the column is null, `[]` if it is an empty list.
        public var options = TextSlice.absent
        /// `resvalues` as compact JSON with sorted keys; absent if the column is null, `[]` if it is an empty list.
        public var response = TextSlice.absent

        /// A question of which nothing is known.
        public init() {}
    }

    /// The bytes of all texts.
    public var arena = ByteArena()
    /// The attempts, in the order that the type promises.
    public var attempts: [Attempt] = []
    /// The questions of all attempts, one attempt's after the other's.
    public var questions: [Question] = []
    /// Where reading goes on; nil after the last attempt of the last learner.
    public var next: AttemptCursor?

    /// An empty page.
    public init() {}
}

/// Where a source goes on reading attempts; opaque to everybody but the source that made it.
public struct AttemptCursor: Sendable {
    /// What the source needs to know to go on.
    public let state: any Sendable

    /// A cursor around a source's own state.
    public init(state: any Sendable) { self.state = state }
}
