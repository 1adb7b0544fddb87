extension OperationDescriptions {
    /// Upstream's operations (upstream.md 2.4 to 2.10); `DialectRoutes` says which paths have which member names.
    static let dialects: [String: OperationDescription] = [
        "submitDatasetRequest": .init(
            .dialects, "Asks for a report.", body: .json(.object([("request", asked)], isOpen: true)),
            answers: [.init(200, "The request, new or as it was.", job)], errors: [404, 409, 413, 415]),
        "readDatasetRequest": .init(
            .dialects, "One request. An unknown one is answered by 200 with status `failed`.",
            parameters: [.query("requestId", .text, "Its id, where the path does not hold it.")],
            answers: [.init(200, "The request.", job)]),
        "listDatasetRequests": .init(
            .dialects, "Requests of a tag, newest first.",
            parameters: [.query("limit", .text, "At most so many; 100 by default.")],
            answers: [.init(200, "The requests, and how many are shown.", jobs)]),
        "searchDatasetRequests": .init(
            .dialects, "Requests by dataset, status, channel or date.",
            body: .json(.object([("request", .object([], isOpen: true))], isOpen: true)),
            answers: [.init(200, "The requests, and how many there are.", jobs)], errors: [413, 415]),
        "addDataset": .init(
            .dialects, "Adds or replaces what is known of a dataset.",
            body: .json(.object([("request", .object([], isOpen: true))], isOpen: true)),
            answers: [.init(200, "What became of it.", .json(Components.envelope(.object([("message", .text)]))))],
            errors: [409, 413, 415]),
        "listDatasets": .init(
            .dialects, "What is known of all datasets.",
            answers: [
                .init(
                    200, "The datasets.",
                    .json(
                        Components.envelope(
                            .object([("count", .integer), ("datasets", .list(.object([], isOpen: true)))]))))
            ]),
    ]

    /// The members differ from dialect to dialect.
    private static let asked = Schema.object([("tag", .anything)], optional: ["tag"], isOpen: true)

    private static let job = OperationDescription.Content.json(
        Components.envelope(.nullable(.object([], isOpen: true))))

    private static let jobs = OperationDescription.Content.json(
        Components.envelope(.object([("count", .integer), ("jobs", .list(.object([], isOpen: true)))])))
}
