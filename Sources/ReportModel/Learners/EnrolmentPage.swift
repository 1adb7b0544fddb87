/// What `user_enrolments` says of the learners of a page (upstream.md 1.5).
public struct EnrolmentPage: Sendable {
    /// One learner's enrolment in the batch.
    public struct Enrolment: Sendable {
        /// False leaves the learner out of every report.
        public var isActive = false
        /// `enrolled_date`, the newer column.
        public var enrolledOn: Timestamp?
        /// `enrolleddate`, the older text column, read only if `enrolledOn` is nil; upstream writes several forms.
        public var enrolledText = TextSlice.absent
        /// `completedon`; set, it makes the progress 100.
        public var completedOn: Timestamp?
        /// Whether `issued_certificates` or `certificates` has an element.
        public var hasCertificate = false
        /// `certstatus`.
        public var certificateStatus: Int32?
        /// The entries of `contentstatus`, in `EnrolmentPage.contentStatus`; empty also if the column is null.
        public var contentStatus: Range<Int32> = 0..<0

        /// An enrolment of which nothing is known.
        public init() {}
    }

    /// One entry of the map `contentstatus`.
    public struct ContentStatus: Sendable {
        /// The content's identifier, as stored.
        public var content: TextSlice
        /// 0 not begun, 1 begun, 2 completed.
        public var status: Int32

        /// An entry of the map.
        @inlinable public init(content: TextSlice, status: Int32) {
            self.content = content
            self.status = status
        }
    }

    /// The bytes of all texts.
    public var arena = ByteArena()
    /// One for each learner of the page, in the page's order.
    public var enrolments: [Enrolment] = []
    /// The entries of all learners, one learner's after the other's.
    public var contentStatus: [ContentStatus] = []

    /// An empty page.
    public init() {}
}
