/// What `user_activity_agg` says of the learners of a page in the context of their batch (upstream.md 1.6).
public struct AggregatePage: Sendable {
    /// One activity (a collection or a nested collection) of one learner.
    public struct Aggregate: Sendable {
        /// Index of the learner in the page.
        public var learner: Int32
        /// `activity_id`.
        public var activity: TextSlice
        /// `completedCount` of `aggregates`, else of `agg`; nil if neither has it.
        public var completedCount: Double?
        /// `timespent` of `aggregates`, in seconds; nil if it is not there.
        public var timeSpent: Double?

        /// An aggregate row.
        @inlinable
        public init(learner: Int32, activity: TextSlice, completedCount: Double?, timeSpent: Double?) {
            self.learner = learner
            self.activity = activity
            self.completedCount = completedCount
            self.timeSpent = timeSpent
        }
    }

    /// The bytes of all texts.
    public var arena = ByteArena()
    /// Rows by learner, then by activity id; only activities that were asked for.
    public var aggregates: [Aggregate] = []

    /// An empty page.
    public init() {}
}
