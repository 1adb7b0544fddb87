/// Shapes of our own operations about requests.
enum RequestSchemas {
    static let all: [(name: String, schema: Schema)] = [
        ("Request", request), ("Finding", finding), ("Column", column), ("PasswordRule", passwordRule),
        ("Preview", preview), ("Report", report), ("Collection", collection), ("Batch", batch),
        ("Receipts", .object([("requestId", .text), ("tag", .text), ("receipts", .list(.object([], isOpen: true)))])),
    ]

    /// What names the batches of a report, and how it is written, in a body.
    static let batchSelection: [(name: String, schema: Schema)] = [
        ("batchId", .text), ("batchFilter", .list(.text)),
        ("searchFilter", .object([], isOpen: true)), ("layout", .choice(["documented", "sunbird"])),
        ("csvColumns", .list(.text)), ("csvByteOrderMark", .flag),
    ]
    /// The same with the report, which has to be named.
    static let selection: [(name: String, schema: Schema)] = [("report", .text)] + batchSelection
    static let selectionOptional = Set(batchSelection.map(\.name))

    private static let time = Schema.formatted("date-time")

    private static let finding = Schema.object([
        ("code", .text), ("severity", .text), ("message", .text), ("count", .integer),
    ])

    private static let column = Schema.object([
        ("label", .text), ("meaning", .text), ("source", .text), ("unit", .text), ("isPersonal", .flag),
    ])

    private static let passwordRule = Schema.object([
        ("minimumCharacters", .integer), ("maximumBytes", .integer), ("text", .text),
    ])

    private static let level = Schema.choice([
        "PLAIN_DATASET", "PASSWORD_PROTECTED_DATASET", "TEXT_KEY_ENCRYPTED_DATASET", "PUBLIC_KEY_ENCRYPTED_DATASET",
    ])

    private static let preview = Schema.object([
        ("level", level), ("layout", .text), ("needsPassword", .flag), ("passwordRule", .reference("PasswordRule")),
        ("columns", .list(.reference("Column"))), ("rows", .list(.list(.text))), ("batches", .list(.text)),
        ("learners", .integer), ("sampleLearners", .integer), ("rowsEstimate", .integer), ("bytesEstimate", .integer),
        ("secondsEstimate", .number), ("findings", .list(.reference("Finding"))),
    ])

    private static let report = Schema.object([
        ("id", .text), ("title", .text), ("description", .text), ("isPersonal", .flag), ("level", level),
        ("needsPassword", .flag), ("layouts", .list(.text)), ("layout", .text),
        ("columns", .list(.reference("Column"))), ("allowed", .flag), ("reason", .nullable(.text)),
        ("reasonCode", .nullable(.text)),
        ("leftOut", .list(.object([("code", .text), ("text", .text)]))),
    ])

    private static let collection = Schema.object([
        ("identifier", .text), ("name", .text), ("channel", .text), ("status", .text), ("asksForConsent", .flag),
        ("batchId", .nullable(.text)),
    ])

    private static let batch = Schema.object([
        ("batchId", .text), ("collectionId", .text), ("collectionName", .text), ("name", .nullable(.text)),
        ("startDate", .nullable(.text)), ("endDate", .nullable(.text)), ("status", .nullable(.integer)),
        ("enrolments", .nullable(.integer)), ("activeEnrolments", .nullable(.integer)), ("asksForConsent", .flag),
        ("allowed", .flag),
        ("reason", .nullable(.text)), ("reasonCode", .nullable(.text)),
    ])

    private static let request = Schema.object([
        ("requestId", .text), ("tag", .text), ("report", .text), ("reportTitle", .text),
        (
            "batches",
            .list(
                .object([
                    ("batchId", .text), ("collectionId", .nullable(.text)), ("name", .nullable(.text)),
                    ("collectionName", .nullable(.text)),
                ]))
        ), ("layout", .nullable(.text)), ("requestedBy", .text), ("requestedByMe", .flag),
        ("state", .choice(["SUBMITTED", "PROCESSING", "SUCCESS", "FAILED", "CANCELLED"])), ("willRetry", .flag),
        ("retryAt", .nullable(time)), ("expired", .flag), ("cancelling", .flag), ("hasPassword", .flag),
        ("placeInLine", .nullable(.integer)),
        (
            "progress",
            .object([
                ("learnersDone", .integer), ("learnersExpected", .integer), ("rows", .integer),
                ("stretchesDone", .integer), ("stretchesExpected", .integer),
                ("rate", .nullable(.number)), ("etaSeconds", .nullable(.number)),
            ])
        ), ("submittedAt", time), ("startedAt", .nullable(time)), ("completedAt", .nullable(time)),
        (
            "files",
            .list(
                .object([
                    ("index", .integer), ("name", .text), ("bytes", .nullable(.integer)), ("rows", .nullable(.integer)),
                    ("batchId", .nullable(.text)),
                ]))
        ), ("leftOut", .list(.reference("Finding"))), ("findings", .list(.reference("Finding"))),
        (
            "failure",
            .nullable(.object([("code", .text), ("message", .text), ("remedy", .text), ("mender", .text)]))
        ), ("actions", .object([("download", .flag), ("cancel", .flag), ("retry", .flag), ("fresh", .flag)])),
    ])
}
