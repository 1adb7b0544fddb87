extension OperationDescriptions {
    /// Our own operations about reports and requests.
    static let requests: [String: OperationDescription] = [
        "listReports": .init(
            .reports, "The reports, with their columns, who is left out, and whether a password is needed.",
            parameters: [.query("collection", .text, "A collection, for the columns that come from its tree.")],
            answers: [
                .init(
                    200, "The reports.",
                    .json(
                        .object([
                            ("passwordRule", .reference("PasswordRule")), ("reports", .list(.reference("Report"))),
                        ])))
            ]),
        "findCollections": .init(
            .reports,
            "Collections that have a batch, by words of their name where the catalogue finds names (`byName`), and by the id of "
                + "a collection or of a batch, which `batchId` then repeats.",
            parameters: [
                .query("query", .text, "Words of the name, or the id of a collection or a batch."),
                .query("limit", .integer, "1 to 100; 20 by default."),
            ],
            answers: [
                .init(
                    200, "The collections.",
                    .json(.object([("byName", .flag), ("collections", .list(.reference("Collection")))])))
            ]),
        "listBatches": .init(
            .reports, "The batches of a collection that the caller may have reports about.",
            answers: [.init(200, "The batches.", .json(.object([("batches", .list(.reference("Batch")))])))],
            errors: [404]),
        "previewReport": .init(
            .reports,
            "The first rows of a report, cells that tell who a learner is hidden, and what the whole will be like.",
            body: .json(.object(RequestSchemas.selection, optional: RequestSchemas.selectionOptional)),
            answers: [.init(200, "The preview.", .json(.reference("Preview")))], errors: [403, 404, 413, 429]),
        "fileRequest": .init(
            .requests, "Asks for a report.",
            body: .json(
                .object(
                    RequestSchemas.selection + [
                        ("password", .text), ("tag", .text), ("fresh", .flag), ("requestedBy", .text),
                    ],
                    optional: RequestSchemas.selectionOptional.union(["password", "tag", "fresh", "requestedBy"]))),
            answers: [one(201, "A new request."), one(200, "A request that was there before.")],
            errors: [403, 404, 409, 413]),
        "listRequests": .init(
            .requests, "Requests that the caller may see, newest first.",
            parameters: [
                .query("limit", .integer, "1 to 200; 100 by default."),
                .query("before", .text, "`next` of the page before: what is older."),
                .query("tag", .text, "Only of this tag."),
                .query("state", .text, "Only in one of these states, with commas."),
            ],
            answers: [
                .init(
                    200, "The requests; `next` is null at the end.",
                    .json(.object([("requests", .list(.reference("Request"))), ("next", .nullable(.text))])))
            ]),
        "showRequest": .init(.requests, "One request.", answers: [one(200, "The request.")], errors: [404]),
        "showReceipt": .init(
            .requests, "What its files contain and leave out, and why.",
            parameters: [.query("batch", .text, "Only of this batch.")],
            answers: [.init(200, "The receipts, one a file.", .json(.reference("Receipts")))], errors: [404]),
        "cancelRequest": .init(
            .requests, "Calls a request off.", body: .json(.object([])), answers: [one(200, "The request.")],
            errors: [404, 409]),
        "retryRequest": .init(
            .requests, "Tries a request again that failed or was cancelled.", body: again,
            answers: [one(200, "The request."), one(201, "A new request, if the other one is somebody else's.")],
            errors: [403, 404, 409]),
        "renewRequest": .init(
            .requests, "Makes the files of a request anew, from the data as it is now.", body: again,
            answers: [one(200, "The request."), one(201, "A new request, if the other one is somebody else's.")],
            errors: [403, 404, 409]),
        "mintLink": .init(
            .requests, "A link to one of its files, for minutes and for this session.",
            body: .json(.object([("file", .integer)])),
            answers: [
                .init(200, "The link.", .json(.object([("url", .text), ("expiresAt", .formatted("date-time"))])))
            ], errors: [404]),
        "downloadFile": .init(
            .requests, "The file behind a link; parts of it by Range.",
            parameters: [
                .header("Range", .text, "Bytes of the file."),
                .header("If-Range", .text, "The ETag of an earlier part."),
            ], answers: [.init(200, "The file.", zip), .init(206, "A part of it.", zip), .init(307, "To the bucket.")],
            errors: [403, 404, 416], by: .linkOrCaller),
        "watchRequests": .init(
            .requests, "Changes of all requests that the caller may see, as server-sent events.",
            parameters: [lastEvent],
            answers: [events], errors: [429]),
        "watchRequest": .init(
            .requests, "Changes of one request, as server-sent events.", parameters: [lastEvent], answers: [events],
            errors: [404, 429]),
    ]

    private static let again = OperationDescription.Content.json(
        .object([("password", .text), ("requestedBy", .text)], optional: ["password", "requestedBy"]))
    private static let zip = OperationDescription.Content(type: "application/zip", schema: .formatted("binary"))
    private static let events = OperationDescription.Answer(
        200, "Events `request`, each with a Request as JSON.", .init(type: "text/event-stream", schema: .text))
    private static let lastEvent = OperationDescription.Parameter.header(
        "Last-Event-ID", .text, "The last event that was read; only later changes are told.")

    private static func one(_ status: Int, _ summary: String) -> OperationDescription.Answer {
        .init(status, summary, .json(.reference("Request")))
    }
}
