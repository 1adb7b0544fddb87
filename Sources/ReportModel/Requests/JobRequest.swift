/// One row of `job_request`: all seventeen columns, and nothing else (upstream.md 1.1).
public struct JobRequest: Sendable, Hashable {
    /// `<client tag>:<channel>`; with `requestID` the key of the row.
    public var tag: String
    /// 32 upper-case hex characters (upstream.md 2.5), in some cases with a suffix (design.md 8).
    public var requestID: String
    /// `job_id`: the id of the report.
    public var reportID: String
    /// `status`.
    public var status: RequestStatus
    /// `request_data`: the datasetConfig, compact JSON.
    public var requestData: String
    /// `requested_by`: a user id.
    public var requestedBy: String
    /// `requested_channel`: the root organisation of the requester.
    public var requestedChannel: String
    /// `dt_job_submitted`.
    public var submittedAt: Timestamp
    /// `download_urls`: paths relative to the store, ending in `.zip`.
    public var downloadPaths: [String]
    /// `dt_file_created`: upstream never sets it; neither do we.
    public var fileCreatedAt: Timestamp?
    /// `dt_job_completed`: set on every end; a resubmission keeps it until work begins (upstream.md 2.14, 20).
    public var completedAt: Timestamp?
    /// `execution_time` in milliseconds.
    public var executionMilliseconds: Int64?
    /// `err_message`, at most 300 characters; cleared by a success, and when work begins after a resubmission.
    public var errorMessage: String?
    /// `iteration`: failed attempts so far.
    public var iteration: Int
    /// `encryption_key`: always nil for rows of ours, since keys live sealed in the run; other programs fill it.
    public var encryptionKey: String?
    /// `batch_number`: a shard number of upstream's parallel runs, kept as found.
    public var batchNumber: Int?
    /// `processed_batches`: the finished batches, JSON text.
    public var processedBatches: [ProcessedBatch]

    /// A request as it is submitted.
    public init(
        tag: String, requestID: String, reportID: String, requestData: String, requestedBy: String,
        requestedChannel: String, submittedAt: Timestamp
    ) {
        self.tag = tag
        self.requestID = requestID
        self.reportID = reportID
        self.status = .submitted
        self.requestData = requestData
        self.requestedBy = requestedBy
        self.requestedChannel = requestedChannel
        self.submittedAt = submittedAt
        self.downloadPaths = []
        self.iteration = 0
        self.processedBatches = []
    }

    /// The key of the row.
    public var key: RequestKey { RequestKey(tag: tag, requestID: requestID) }
}

/// The primary key of `job_request`.
public struct RequestKey: Sendable, Hashable {
    /// `<client tag>:<channel>`.
    public var tag: String
    /// The id of the request.
    public var requestID: String

    /// The key of a row.
    public init(tag: String, requestID: String) {
        self.tag = tag
        self.requestID = requestID
    }
}

/// One element of `processed_batches`; upstream's member names are `channel`, `batchId`, `filePath`, `fileSize`.
public struct ProcessedBatch: Sendable, Hashable {
    /// The channel of the request.
    public var channel: String
    /// The batch id.
    public var batchID: String
    /// Path of the file in the store. Upstream keeps the `.csv` name here although the file ends in `.zip`; so do we.
    public var filePath: String
    /// Bytes of the plain CSV.
    public var fileSize: Int64

    /// A finished batch.
    public init(channel: String, batchID: String, filePath: String, fileSize: Int64) {
        self.channel = channel
        self.batchID = batchID
        self.filePath = filePath
        self.fileSize = fileSize
    }
}
