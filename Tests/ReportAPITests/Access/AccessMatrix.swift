import HTTPMessages
import ReportAPI

/// Who asks, in the columns of the matrix.
enum MatrixCaller: String, CaseIterable, Sendable {
    /// No credentials at all.
    case nobody
    /// A consumer of no row.
    case wrongConsumer
    /// An administrator whose root organisation is not that of `X-Channel-ID`.
    case wrongOrganisation
    /// A user of the right organisation without a role that counts.
    case wrongRole
    /// A mentor of the right organisation who neither made nor mentors the batch.
    case otherMentor
    /// An administrator of another organisation, acting for that one.
    case stranger
    /// The right user's session, without the CSRF token.
    case sessionWithoutToken
    /// A session that has ended.
    case endedSession
    /// The right user's session, with its token.
    case session
    /// The right user's token.
    case user
    /// A consumer of the organisation.
    case consumer
}

/// What a caller is told.
enum MatrixAnswer: Sendable, Hashable {
    /// The row's status, whoever asks.
    case open
    /// The row's status, with what was asked for.
    case granted
    /// An answer that holds nothing of others: an empty list, say.
    case empty
    /// 401.
    case unauthenticated
    /// 403.
    case forbidden
    /// 404, as for what does not exist.
    case missing
}

/// One operation, how it is asked for, and what each caller is told.
struct MatrixRow: Sendable {
    let method: HTTPMethod
    let pattern: String
    /// The path; `TAG`, `ID` and `LINK` stand for those of the request that there is.
    let path: String
    let body: String
    /// What is sent by a consumer, who names for whom it asks.
    let consumerBody: String
    /// The status for whom it is open or granted.
    let status: Int
    /// Who belongs to the row's rule otherwise than `Rule` says.
    let answers: [MatrixCaller: MatrixAnswer]

    /// Usual answers.
    enum Rule: Sendable {
        /// Everybody.
        case open
        /// Whoever is recognised: lists and the like, which show each what is theirs.
        case anyCaller
        /// Who may have the report; others are told that it does not exist.
        case document
        /// Who may have the report; others are refused.
        case report
    }

    init(
        _ method: HTTPMethod, _ pattern: String, path: String? = nil, body: String = "", consumerBody: String? = nil,
        _ rule: Rule, gives status: Int = 200, _ exceptions: [MatrixCaller: MatrixAnswer] = [:]
    ) {
        self.method = method
        self.pattern = pattern
        self.path = path ?? pattern
        self.body = body
        self.consumerBody = consumerBody ?? body
        self.status = status
        var answers = Dictionary(uniqueKeysWithValues: MatrixCaller.allCases.map { ($0, MatrixAnswer.open) })
        if rule != .open {
            let isOurs = pattern.hasPrefix("/v1/") && !pattern.hasPrefix("/v1/jobrequest")
            answers[.nobody] = isOurs ? .unauthenticated : .forbidden
            answers[.wrongConsumer] = .forbidden
            answers[.wrongOrganisation] = .forbidden
            answers[.endedSession] = .unauthenticated
            let others: MatrixAnswer =
                switch rule {
                case .open, .anyCaller: .empty
                case .document: .missing
                case .report: .forbidden
                }
            for caller in [MatrixCaller.wrongRole, .otherMentor, .stranger] { answers[caller] = others }
            let isChange = method != .get && method != .head
            answers[.sessionWithoutToken] = isChange ? .forbidden : .granted
            for caller in [MatrixCaller.session, .user, .consumer] { answers[caller] = .granted }
        }
        self.answers = answers.merging(exceptions) { $1 }
    }

    /// Every operation of the API and the page. An operation that is not here fails the test, so that nobody adds one
    /// without deciding who may call it.
    static let all: [MatrixRow] = open + signIn + requests + dialects

    private static let open: [MatrixRow] = [
        .init(.get, "/health", .open), .init(.get, "/ready", .open), .init(.get, "/", .open),
        .init(.get, "/open", .open), .init(.get, "/favicon.ico", .open), .init(.get, "/openapi.json", .open),
        .init(.get, "/metrics", .open, gives: 401),
        .init(.get, "/assets/{folder}/{name}", path: "/assets/style/base.css", .open),
    ]

    private static let signIn: [MatrixRow] = [
        .init(.get, "/v1/session", .open, [.session: .granted, .sessionWithoutToken: .granted]),
        .init(.get, "/v1/sign-in", .open, gives: 302), .init(.get, "/v1/sign-in/callback", .open, gives: 401),
        .init(.post, "/v1/sign-in/portal", body: "{}", .open, gives: 404), .init(.post, "/v1/sign-out", .anyCaller),
        .init(
            .get, "/refresh-cache/{cacheType}", path: "/refresh-cache/ConsumerChannel", .anyCaller,
            [.wrongRole: .forbidden, .otherMentor: .forbidden]),
    ]

    private static let wish =
        #"{"report":"progress-exhaust","batchId":"b1","password":"correct horse battery","tag":"t"}"#
    private static let document = "/v1/requests/TAG/ID"

    private static let requests: [MatrixRow] = [
        .init(.get, "/v1/reports", .anyCaller), .init(.get, "/v1/collections", .anyCaller),
        .init(
            .get, "/v1/collections/{collection}/batches", path: "/v1/collections/do_course/batches", .anyCaller,
            [.wrongRole: .missing, .otherMentor: .missing]),
        .init(.get, "/v1/requests", .anyCaller), .init(.get, "/v1/events", .anyCaller),
        // A stranger gets such a report about the learners of his own organisation.
        .init(
            .post, "/v1/preview", body: #"{"report":"progress-exhaust","batchId":"b1"}"#, .report, [.stranger: .granted]
        ),
        .init(
            .post, "/v1/requests", body: wish,
            consumerBody: wish.replacing(#""tag":"t""#, with: #""tag":"t","requestedBy":"user-7""#), .report,
            gives: 201,
            [.stranger: .granted]),
        .init(.get, "/v1/requests/{tag}/{requestId}", path: document, .document),
        .init(.get, "/v1/requests/{tag}/{requestId}/receipt", path: document + "/receipt", .document),
        .init(.get, "/v1/requests/{tag}/{requestId}/events", path: document + "/events", .document),
        .init(.post, "/v1/requests/{tag}/{requestId}/cancel", path: document + "/cancel", .document, gives: 409),
        .init(.post, "/v1/requests/{tag}/{requestId}/retry", path: document + "/retry", .document, gives: 409),
        .init(
            .post, "/v1/requests/{tag}/{requestId}/fresh", path: document + "/fresh",
            body: #"{"password":"correct horse battery"}"#, .document),
        .init(
            .post, "/v1/requests/{tag}/{requestId}/links", path: document + "/links", body: #"{"file":0}"#, .document),
        // A link of the user's session: for whom it was made, and nobody else.
        .init(
            .get, "/v1/files/{token}", path: "/v1/files/LINK", .document,
            [
                .wrongRole: .forbidden, .otherMentor: .forbidden, .stranger: .forbidden, .user: .forbidden,
                .consumer: .forbidden,
            ]),
    ]

    private static let config = #""batchId":"b1""#
    private static let key = #""encryptionKey":"correct horse battery""#

    /// Upstream's dialects: who may not have a report is told so, and who acts for another channel finds nothing.
    private static let dialects: [MatrixRow] = jobs + proxied + metadata + [search]

    private static let jobs: [MatrixRow] = [
        ("/job/request", true), ("/data/v3/job/request", true), ("/dataset/v1/request", false), ("/request", false),
    ].flatMap { (prefix: String, isJob: Bool) -> [MatrixRow] in
        [submit(prefix, isJob: isJob), list(prefix), read(prefix, isJob: isJob)]
    }

    private static let proxied: [MatrixRow] = ["/v1/jobrequest", "/course/v1/jobrequest"].flatMap {
        (prefix: String) -> [MatrixRow] in
        [submit(prefix, isJob: false), list(prefix)]
    }

    private static let metadata: [MatrixRow] = ["/dataset/v1", "/dataset"].flatMap { datasets($0) }

    private static let search = MatrixRow(
        .post, "/request/search", body: #"{"request":{"filters":{"dataset":"progress-exhaust"}}}"#, .report,
        [.stranger: .empty, .otherMentor: .empty])

    private static func read(_ prefix: String, isJob: Bool) -> MatrixRow {
        .init(
            .get, prefix + (isJob ? "/read/{tag}/{requestId}" : "/read/{tag}"),
            path: prefix + (isJob ? "/read/TAG/ID" : "/read/TAG?requestId=ID"), .report, [.stranger: .empty])
    }

    private static func submit(_ prefix: String, isJob: Bool) -> MatrixRow {
        let what =
            isJob
            ? #""jobId":"progress-exhaust","jobConfig":{\#(config)}"#
            : #""dataset":"progress-exhaust","datasetConfig":{\#(config)}"#
        return .init(
            .post, prefix + "/submit", body: #"{"request":{"tag":"t_b1",\#(what),\#(key)}}"#, .report,
            [.stranger: .granted])
    }

    private static func list(_ prefix: String) -> MatrixRow {
        .init(.get, prefix + "/list/{tag}", path: prefix + "/list/TAG", .report, [.stranger: .empty])
    }

    /// What is known of datasets is for all who may have reports; to add to it, for the editors of the setting alone.
    private static func datasets(_ prefix: String) -> [MatrixRow] {
        let dataset =
            #"{"request":{"dataset":"x","datasetType":"t","version":"v1","visibility":"private","authorizedRoles":["A"]}}"#
        return [
            .init(
                .post, prefix + "/add", body: dataset, .report,
                [.user: .forbidden, .session: .forbidden, .consumer: .forbidden]),
            .init(.get, prefix + "/list", .report, [.otherMentor: .granted, .stranger: .granted]),
        ]
    }
}
