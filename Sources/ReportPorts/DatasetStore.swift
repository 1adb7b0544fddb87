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

/// One row of `dataset_metadata`; JSON and lists are nil where the column is NULL.
public struct DatasetMetadata: Sendable, Hashable {
    /// `dataset_id`.
    public var datasetID: String
    /// `dataset_sub_id`, by which rows are found; equal to the id unless said otherwise.
    public var subID: String
    /// `dataset_config`.
    public var config: JSONValue?
    /// `visibility`.
    public var visibility: String
    /// `dataset_type`.
    public var type: String
    /// `version`.
    public var version: String
    /// `authorized_roles`.
    public var authorizedRoles: [String]?
    /// `available_from`.
    public var availableFrom: Timestamp?
    /// `sample_request`.
    public var sampleRequest: String
    /// `sample_response`.
    public var sampleResponse: String
    /// `validation_json`: a JSON schema of the member `request` of a submission.
    public var validation: JSONValue?
    /// `druid_query`.
    public var druidQuery: JSONValue?
    /// `limits`.
    public var limits: JSONValue?
    /// `supported_formats`.
    public var supportedFormats: [String]
    /// `exhaust_type`.
    public var exhaustType: String

    /// A row with what is required; the rest as upstream stores it when it is not given (upstream.md 2.14, 36).
    public init(
        datasetID: String, subID: String, visibility: String, type: String, version: String,
        authorizedRoles: [String]?, availableFrom: Timestamp?
    ) {
        self.datasetID = datasetID
        self.subID = subID
        self.config = .object([])
        self.visibility = visibility
        self.type = type
        self.version = version
        self.authorizedRoles = authorizedRoles
        self.availableFrom = availableFrom
        self.sampleRequest = ""
        self.sampleResponse = ""
        self.validation = .object([])
        self.druidQuery = .object([])
        self.limits = .object([])
        self.supportedFormats = []
        self.exhaustType = ""
    }
}
