public import ReportModel

/// Who did what with personal data, when and from where. Append-only: nothing is changed, and nothing removed before its
/// time (`audit.keepDays`).
public protocol AuditLog: Sendable {
    /// Appends an entry, durably: what is not written down is not done. Its time is that of the store's clock.
    func append(_ entry: AuditEntry) async throws

    /// Entries, newest first.
    func entries(_ query: AuditQuery) async throws -> [AuditEntry]

    /// Removes entries before `moment`; answers how many.
    func expire(before moment: Timestamp) async throws -> Int
}

/// One thing that somebody did or was refused.
public struct AuditEntry: Sendable, Hashable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        case submit, preview, receipt, download, cancel, fresh, signIn, signOut, refused
    }

    /// When; set by the store.
    public var at: Timestamp
    /// What was done.
    public var action: Action
    /// The user; nil for a consumer, or where nobody was recognised.
    public var userID: String?
    /// The consumer, if one acted.
    public var consumerID: String?
    /// The root organisation.
    public var channel: String
    /// The report, if one is concerned.
    public var report: String?
    /// The request, if one is concerned.
    public var request: RequestKey?
    /// Batches that it is about.
    public var batches: [String]
    /// The address of the caller.
    public var address: String
    /// More, such as the operation and the reason of a refusal; never personal data of learners.
    public var detail: String

    /// One thing that somebody did or was refused.
    public init(
        action: Action, userID: String?, consumerID: String? = nil, channel: String, report: String? = nil,
        request: RequestKey? = nil, batches: [String] = [], address: String, detail: String = ""
    ) {
        self.at = Timestamp(milliseconds: 0)
        self.action = action
        self.userID = userID
        self.consumerID = consumerID
        self.channel = channel
        self.report = report
        self.request = request
        self.batches = batches
        self.address = address
        self.detail = detail
    }
}

/// Which entries to list.
public struct AuditQuery: Sendable, Hashable {
    /// Only of this user.
    public var userID: String?
    /// Only of this channel.
    public var channel: String?
    /// Only about this request.
    public var requestID: String?
    /// Only these actions; empty is all.
    public var actions: Set<AuditEntry.Action>
    /// Only at this moment or later.
    public var since: Timestamp?
    /// At most so many.
    public var limit: Int

    /// Everything, 1,000 entries at most.
    public init(
        userID: String? = nil, channel: String? = nil, requestID: String? = nil,
        actions: Set<AuditEntry.Action> = [], since: Timestamp? = nil, limit: Int = 1_000
    ) {
        self.userID = userID
        self.channel = channel
        self.requestID = requestID
        self.actions = actions
        self.since = since
        self.limit = limit
    }
}
