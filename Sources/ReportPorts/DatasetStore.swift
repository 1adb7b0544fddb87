public import ReportModel

/// The table `dataset_metadata`: what a deployment says of its datasets (upstream.md 1.2, 2.10).
public protocol DatasetStore: Sendable {
    /// The row of a dataset by its sub id; nil if there is none.
    func dataset(subID: String) async throws -> DatasetMetadata?

    /// All rows, by dataset id, then sub id.
    func datasets() async throws -> [DatasetMetadata]

    /// Writes a row if there is none with its sub id, or one of the same dataset id. Answers whether it was written:
    /// not so if the sub id belongs to another dataset (upstream.md 2.14, 35).
    func put(_ dataset: DatasetMetadata) async throws -> Bool
}

/// One row of `dataset_metadata`; nil is NULL.
public struct DatasetMetadata: Sendable, Hashable {
    /// `dataset_id`.
    public var datasetID: String
    /// `dataset_sub_id`, by which rows are found; equal to the id unless said otherwise.
    public var subID: String
    /// `dataset_config`.
    public var config: JSONValue?
    /// `visibility`.
    public var visibility: String?
    /// `dataset_type`.
    public var type: String?
    /// `version`.
    public var version: String?
    /// `authorized_roles`.
    public var authorizedRoles: [String]?
    /// `available_from`.
    public var availableFrom: Timestamp?
    /// `sample_request`.
    public var sampleRequest: String?
    /// `sample_response`.
    public var sampleResponse: String?
    /// `validation_json`: a JSON schema of the member `request` of a submission. JSON `null` counts as nil.
    public var validation: JSONValue?
    /// `druid_query`.
    public var druidQuery: JSONValue?
    /// `limits`.
    public var limits: JSONValue?
    /// `supported_formats`.
    public var supportedFormats: [String]?
    /// `exhaust_type`.
    public var exhaustType: String?

    /// A row with its keys and what access depends on; everything else is NULL.
    public init(
        datasetID: String, subID: String, visibility: String? = nil, type: String? = nil, version: String? = nil,
        authorizedRoles: [String]? = nil, availableFrom: Timestamp? = nil
    ) {
        self.datasetID = datasetID
        self.subID = subID
        self.visibility = visibility
        self.type = type
        self.version = version
        self.authorizedRoles = authorizedRoles
        self.availableFrom = availableFrom
    }
}
