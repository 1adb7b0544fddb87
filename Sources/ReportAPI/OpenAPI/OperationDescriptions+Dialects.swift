extension OperationDescriptions {
    /// Upstream's request API and its datasets.
    static let dialects: [String: OperationDescription] = [
        "submitDatasetRequest": .init(
            .dialects, "Files a request.", body: .json(DialectSchemas.submission),
            answers: [.init(200, "The request.", .json(Components.envelope(.reference("JobResponse"))))],
            errors: [404, 409, 415]),
        "readDatasetRequest": .init(
            .dialects, "Shows a request; one that is not there is an answer too.",
            parameters: [.query("requestId", .text, "The id, where the path does not name it.")],
            answers: [.init(200, "The request.", .json(DialectSchemas.readAnswer))]),
        "listDatasetRequests": .init(
            .dialects, "Lists the requests of a tag, newest first.",
            parameters: [.query("limit", .text, "Requests at the most; 100 otherwise.")],
            answers: [.init(200, "The requests.", .json(DialectSchemas.list))]),
        "searchDatasetRequests": .init(
            .dialects, "Searches the requests of the channel.",
            body: .json(DialectSchemas.search),
            answers: [.init(200, "The requests.", .json(DialectSchemas.hits))], errors: [404, 415]),
        "addDataset": .init(
            .dialects, "Adds what a deployment says of a dataset.",
            body: .json(DialectSchemas.dataset),
            answers: [.init(200, "It was added.", .json(Components.envelope(.object([("message", .text)]))))],
            errors: [404, 409, 415]),
        "listDatasets": .init(
            .dialects, "Lists what a deployment says of its datasets.",
            answers: [
                .init(
                    200, "The datasets.",
                    .json(
                        Components.envelope(
                            .object([
                                ("count", .integer), ("datasets", .list(.object([("dataset", .text)], isOpen: true))),
                            ]))))
            ]),
    ]
}

/// Shapes of upstream's dialects (upstream.md 2.4, 2.7, 2.8, 2.10). Bodies may hold more; what is not known is ignored.
enum DialectSchemas {
    static let all: [(name: String, schema: Schema)] = [
        (
            "JobResponse",
            .object(
                [
                    ("requestId", .text), ("request_id", .text), ("tag", .text), ("dataset", .text),
                    ("requestedBy", .text), ("requestedChannel", .text),
                    ("status", .choice(["SUBMITTED", "PROCESSING", "SUCCESS", "COMPLETED", "FAILED", "CANCELLED"])),
                    ("lastUpdated", .nullable(.integer)), ("last_updated", .nullable(.integer)),
                    ("datasetConfig", .anything), ("request", .anything), ("attempts", .integer),
                    ("jobStats", .anything), ("job_stats", .anything), ("downloadUrls", .list(.text)),
                    ("downloadURLs", .list(.text)), ("expiresAt", .integer), ("statusMessage", .nullable(.text)),
                    ("status_message", .nullable(.text)),
                ],
                optional: [
                    "requestId", "request_id", "dataset", "requestedBy", "requestedChannel", "lastUpdated",
                    "last_updated", "datasetConfig", "request", "jobStats", "job_stats", "downloadUrls", "downloadURLs",
                    "statusMessage", "status_message",
                ])
        ), ("DatasetConfig", config),
    ]

    private static let selection: [(name: String, schema: Schema)] = [
        ("batchId", .text), ("batchFilter", .list(.text)), ("searchFilter", .object([], isOpen: true)),
        ("type", .text), ("batchFilters", .anything), ("contentFilters", .anything), ("reportPath", .text),
        ("csvColumns", .list(.text)), ("csvByteOrderMark", .flag),
    ]

    private static let config = Schema.object(selection, optional: Set(selection.map(\.name)), isOpen: true)

    static let readAnswer = Components.envelope(.nullable(.reference("JobResponse")))
    static let list = Components.envelope(
        .nullable(.object([("count", .integer), ("jobs", .list(.reference("JobResponse")))])))
    static let hits = Components.envelope(
        .nullable(
            .object(
                [("count", .integer), ("jobs", .list(.reference("JobResponse"))), ("countIsAtLeast", .flag)],
                optional: ["countIsAtLeast"])))

    static let submission = body(
        .object(
            [
                ("tag", .text), ("dataset", .text), ("datasetConfig", .reference("DatasetConfig")),
                ("requestedBy", .text), ("encryptionKey", .text), ("outputFormat", .text), ("jobId", .text),
                ("jobConfig", .reference("DatasetConfig")), ("output_format", .text),
            ],
            optional: [
                "dataset", "datasetConfig", "requestedBy", "encryptionKey", "outputFormat", "jobId", "jobConfig",
                "output_format",
            ], isOpen: true))

    static let search = body(
        .object(
            [
                (
                    "filters",
                    .object(
                        [("dataset", .text), ("requestedDate", .text), ("status", .text), ("channel", .text)],
                        optional: ["dataset", "requestedDate", "status", "channel"], isOpen: true)
                ), ("limit", .integer),
            ], optional: ["limit"], isOpen: true))

    static let dataset = body(
        .object(
            [
                ("dataset", .text), ("datasetSubId", .text), ("datasetType", .text), ("version", .text),
                ("visibility", .text), ("authorizedRoles", .list(.text)), ("validationJson", .object([], isOpen: true)),
            ], optional: ["datasetSubId", "validationJson"], isOpen: true))

    private static func body(_ request: Schema) -> Schema {
        .object(
            [
                ("id", .text), ("ver", .text), ("ts", .text), ("params", .object([], isOpen: true)),
                ("request", request),
            ],
            optional: ["id", "ver", "ts", "params"], isOpen: true)
    }
}
