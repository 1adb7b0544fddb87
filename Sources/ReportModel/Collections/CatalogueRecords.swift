/// A batch by the keys of its table: one run of a collection. The same batch id can occur under two collections.
public struct BatchKey: Sendable, Hashable, Comparable {
    /// `courseid`.
    public var collection: String
    /// `batchid`.
    public var batch: String

    /// The keys of a batch.
    public init(collection: String, batch: String) {
        self.collection = collection
        self.batch = batch
    }

    /// By batch id, then collection id.
    public static func < (left: Self, right: Self) -> Bool {
        (left.batch, left.collection) < (right.batch, right.collection)
    }
}

/// A row of `course_batch` (upstream.md 1.4).
public struct BatchRecord: Sendable, Hashable {
    /// Its keys.
    public var key: BatchKey
    /// `name`; nil if the batch has none.
    public var name: String?
    /// `start_date`, else `startdate`, as text.
    public var startDate: String?
    /// `end_date`, else `enddate`, as text.
    public var endDate: String?
    /// `status`: 0 upcoming, 1 ongoing, 2 ended.
    public var status: Int?
    /// `createdby`: the user id of the batch's maker.
    public var createdBy: String?
    /// `mentors`: user ids.
    public var mentors: [String]

    /// A row of `course_batch`.
    public init(
        key: BatchKey, name: String? = nil, startDate: String? = nil, endDate: String? = nil, status: Int? = nil,
        createdBy: String? = nil, mentors: [String] = []
    ) {
        self.key = key
        self.name = name
        self.startDate = startDate
        self.endDate = endDate
        self.status = status
        self.createdBy = createdBy
        self.mentors = mentors
    }
}

/// What the content search says of a collection (upstream.md 1.12).
public struct CollectionRecord: Sendable, Hashable {
    /// `identifier`.
    public var identifier: String
    /// `name`, the title.
    public var name: String
    /// `channel`, the organisation that the collection belongs to.
    public var channel: String
    /// Whether `userConsent` is yes, in any case.
    public var asksForConsent: Bool
    /// `status`, such as `Live` or `Retired`.
    public var status: String
    /// `leafNodesCount`, which counts where the collection has no tree; nil if the catalogue does not say.
    public var leafNodesCount: Int?

    /// A hit of the content search.
    public init(
        identifier: String, name: String, channel: String, asksForConsent: Bool, status: String,
        leafNodesCount: Int? = nil
    ) {
        self.identifier = identifier
        self.name = name
        self.channel = channel
        self.asksForConsent = asksForConsent
        self.status = status
        self.leafNodesCount = leafNodesCount
    }

    /// Whether reports about it are refused.
    public var isRetired: Bool { status == "Retired" }
}

extension CollectionRecord {
    /// A content as the content search knows it (upstream.md 1.12); nil without an identifier.
    public init?(content: JSONValue) {
        guard let identifier = content["identifier"]?.text else { return nil }
        self.init(
            identifier: identifier, name: content["name"]?.text ?? "", channel: content["channel"]?.text ?? "",
            asksForConsent: content["userConsent"]?.text?.lowercased() == "yes", status: content["status"]?.text ?? "",
            leafNodesCount: content["leafNodesCount"]?.integer.map(Int.init))
    }
}

/// A batch with all that a report says of it besides its learners (upstream.md 4.4).
public struct ResolvedBatch: Sendable, Hashable {
    /// The row of `course_batch`.
    public var batch: BatchRecord
    /// Its collection.
    public var collection: CollectionRecord
    /// The organisation that asks: the request's channel, or the collection's where nobody asks (`System`).
    public var requestingOrganisation: String
    /// The custodian organisation of the deployment; nil if the settings table names none.
    public var custodianOrganisation: String?

    /// A batch with what a report says of it.
    public init(
        batch: BatchRecord, collection: CollectionRecord, requestingOrganisation: String, custodianOrganisation: String?
    ) {
        self.batch = batch
        self.collection = collection
        self.requestingOrganisation = requestingOrganisation
        self.custodianOrganisation = custodianOrganisation
    }

    /// Whether only learners of the requesting organisation belong in the report (upstream.md 4.5, step 5).
    public var isFilteredByOrganisation: Bool { requestingOrganisation != collection.channel }
}
