import ReportModel

/// What this service answers otherwise than upstream's, by the numbers of upstream.md 2.14 and the table of design.md 9.
enum MendedAnswers {
    enum Mended: Sendable {
        /// An error in the envelope.
        case error(Int, String, String)
        /// The recorded answer with some members of its result replaced.
        case result([String: JSONValue])
        /// 200 with this result, in the form of the templates, where upstream tells of a failure.
        case shown(JSONValue)
        /// 200 with so many jobs.
        case hits(Int)
        /// 200 with this text, which is no envelope.
        case text(String)
    }

    /// A request as a submission and a read show it (upstream.md 2.14, 21).
    private static func shown(
        lastUpdated: JSONValue, links: [JSONValue] = [], submitted: JSONValue, completed: JSONValue = .null,
        milliseconds: JSONValue = .null, status: String, message: String? = nil
    ) -> Mended {
        var members: [JSONValue.Member] = [
            .init("attempts", .integer(0)), .init("lastUpdated", lastUpdated), .init("tag", .string("t1:org-7")),
            .init("expiresAt", .string("<ms>")),
            .init("datasetConfig", .members(("batchId", .string("b1")))), .init("downloadUrls", .array(links)),
            .init("requestedBy", .string("user-9")),
            .init(
                "jobStats",
                .members(
                    ("dtJobSubmitted", submitted), ("dtJobCompleted", completed), ("executionTime", milliseconds))),
            .init("status", .string(status)), .init("dataset", .string("progress-exhaust")),
            .init("requestId", .string("<id>")), .init("requestedChannel", .string("org-7")),
        ]
        if let message { members.append(.init("statusMessage", .string(message))) }
        return .shown(.object(members))
    }

    private static func bad(_ message: String, _ status: Int = 400) -> Mended {
        .error(status, "CLIENT_ERROR", message)
    }
    private static func gone(_ path: String) -> Mended {
        .error(404, "RESOURCE_NOT_FOUND", "\(path): there is nothing of that path")
    }
    private static func denied(_ message: String) -> Mended { .error(403, "FORBIDDEN", message) }
    private static let seed = "E9A928094AD5C81C0DDB7B5199C60038"

    /// By group and case.
    static let all: [String: Mended] = faults.merging(malformed) { $1 }.merging(authorisation) { $1 }
        .merging(rows) { $1 }.merging(notOurs) { $1 }

    /// 1, 2, 18: an answer at once, naming the member.
    private static let faults: [String: Mended] = [
        "submit: request string": bad("request: the body has no object of that name"),
        "submit: tag object": bad("tag: it must be text"),
        "submit: dataset object": bad("dataset: it must be text"),
        "submit: requestedBy object": bad("requestedBy: it must be text"),
        "submit: encryptionKey object": bad("encryptionKey: it must be text"),
        "submit: outputFormat object": bad("outputFormat: it must be text"),
        "submit: stored tag 101 characters": bad("tag with channel: over 100 characters"),
        "submit: channel 51": bad("channel: over 50 characters"),
        "dataset: datasetConfig string": bad("datasetConfig: it must be an object"),
        "list: limit=1.5": bad("limit: it must be a whole number from 0 to 2147483647"),
        "read: path tag NUL": bad("tag: it holds a NUL character"),
        "search: filters array": bad("filters: it must be an object"),
        "search: filter value object": bad("filters.status: it must be text"),
    ]

    /// 3, 4, 6, 8: JSON in the envelope. A second value behind the body (3) is refused rather than lost.
    private static let malformed: [String: Mended] = [
        "malformed: /request/submit: not JSON": bad("body: line 1, column 1: expected a value, found `h`"),
        "malformed: /request/submit: null": bad("body: it is no JSON object"),
        "malformed: /request/submit: comment": bad("body: line 1, column 1: expected a value, found `/`"),
        "malformed: /request/submit: no body, JSON content type": bad("body: it is empty"),
        "malformed: /request/search: number": bad("body: it is no JSON object"),
        "malformed: /request/search: single quotes": bad(
            "body: line 1, column 2: expected a member name, found `'`"),
        "malformed: /request/search: no body, no content type": bad("Content-Type: it is missing", 415),
        "malformed: /dataset/add: string": bad("body: it is no JSON object"),
        "malformed: /dataset/add: two objects": bad(
            "body: line 1, column 258: expected the end of the text, found `{`"),
        "malformed: /dataset/add: deeply nested": bad(
            "body: line 1, column 120: nested deeper than the limit of 64 levels"),
        "malformed: submit with Content-Type text/plain": bad("Content-Type: it must be application/json", 415),
        "malformed: submit with Content-Type garbage": bad("Content-Type: it must be application/json", 415),
        "malformed: GET /request/submit": bad("GET: /request/submit knows only POST", 405),
        "malformed: POST /request/read/t1?requestId=\(seed)": bad("POST: /request/read/t1 knows only GET", 405),
        "malformed: GET /dataset/add": bad("GET: /dataset/add knows only POST", 405),
        "malformed: GET /nope": gone("/nope"),
        "malformed: GET /request/read/t1/\(seed)": gone("/request/read/t1/\(seed)"),
        "malformed: POST /request//submit": gone("/request//submit"),
        "malformed: GET /health/": gone("/health/"),
    ]

    /// 26, 31, 32, 34, and searches: only within the caller's own channel, and for nobody else.
    private static let authorisation: [String: Mended] = [
        "access: empty consumer mapped to org-9, header missing: submit": denied(
            "Given X-Consumer-ID='' and X-Channel-ID='org-9' are not authorized"),
        "access: token, u-nullrootorg: submit": denied("You are not authorized."),
        "access: token, u-empty: submit": denied("You are not authorized."),
        "access: profile service slower than 20 s: submit": .error(
            503, "SERVER_ERROR", "user service: it does not answer"),
        // With an empty token the consumer counts, who is allowed.
        "access: token empty string, consumer mapped: submit": shown(
            lastUpdated: .string("<ms>"), submitted: .string("<ms>"), status: "SUBMITTED"),
        "search: A11 requestedDate today, limit 5": .hits(1),
        "search: headers of another tenant change nothing": denied(
            "Given X-Consumer-ID='nobody' and X-Channel-ID='org-7' are not authorized"),
    ]

    /// 24, 25, and resubmissions by design.md 8.
    private static let rows: [String: Mended] = [
        "submit: resubmit PROCESSING, same password": bad(
            "request <id> is being worked on with another password, layout or configuration", 409),
        "submit: resubmit SUCCESS, same password": .result([
            "lastUpdated": .number("1795226400500"), "datasetConfig": .members(("batchId", .string("b2"))),
            "downloadUrls": .array([]), "status": .string("SUBMITTED"),
            "jobStats": .members(
                ("dtJobSubmitted", .string("<ms>")), ("dtJobCompleted", .null), ("executionTime", .null)),
        ]),
        // A status that is not known counts as FAILED: it begins again, and keeps what was until work begins.
        "submit: resubmit status null": shown(
            lastUpdated: .number("1795226400500"), submitted: .string("<ms>"), status: "SUBMITTED",
            message: "the row has no status"),
        "read: status '', every column filled": .result([
            "status": .string("FAILED"), "statusMessage": .string("the row has a status that is not known: "),
            "downloadUrls": .array([.string("https://reports.example.org/v1/files/x")]),
            "jobStats": .members(
                ("dtJobSubmitted", .number("1795222800123")), ("dtJobCompleted", .number("1795224610500")),
                ("executionTime", .number("41200"))),
        ]),
        "read: url short http": .result(["downloadUrls": .array([])]),
        "read: url with two dimensions": shown(
            lastUpdated: .number("1795222800123"), submitted: .number("1795222800123"), status: "SUCCESS"),
        "read: dt_job_submitted NULL": shown(
            lastUpdated: .number("1795224600000"), links: [.string("https://reports.example.org/v1/files/x")],
            submitted: .null, completed: .number("1795224600000"), milliseconds: .integer(5), status: "SUCCESS"),
    ]

    /// The channel and public data sets (upstream.md 2.11) and health are other services' and other tests' matter.
    private static let notOurs: [String: Mended] = [
        "access: refresh unknown cache": .error(404, "RESOURCE_NOT_FOUND", "Nope: there is no such cache"),
        "dataset: A20 channel data, range too long": gone("/dataset/get/raw"),
        "dataset: A20 channel data, to in the future": gone("/dataset/get/raw"),
        "dataset: A20 channel data, reversed": gone("/dataset/get/raw"),
        "dataset: channel data, no channel": gone("/dataset/get/raw"),
        "dataset: A19 public, LAST_20_DAYS": gone("/public/dataset/get/summary-rollup"),
        "dataset: public, unknown dataset": gone("/public/dataset/get/nope"),
        // No host is refused here: the gateway in front has a name of its own.
        "malformed: Host 'evil.example.org'": .text(#"{"status":"up"}"#),
    ]
}
