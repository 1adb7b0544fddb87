import ReportModel

/// What several operations of the OpenAPI document share.
enum Components {
    /// Schemas by name.
    static let schemas: [(name: String, schema: Schema)] =
        [
            (
                "Problem",
                .object(
                    [
                        ("type", .text), ("title", .text), ("status", .integer), ("code", .text),
                        ("mender", .choice(["requester", "data", "operator"])), ("instance", .text), ("detail", .text),
                    ], optional: ["detail"], isOpen: true)
            ),
            ("EnvelopeFailure", envelope(.nullable(.anything), params: failureParams)),
        ] + RequestSchemas.all + DialectSchemas.all

    /// Upstream's envelope around a result.
    static func envelope(_ result: Schema, params: Schema = successParams) -> Schema {
        .object([
            ("id", .text), ("ver", .text), ("ts", .text), ("params", params), ("responseCode", .text),
            ("result", result),
        ])
    }

    private static let successParams = Schema.object(
        [
            ("resmsgid", .nullable(.text)), ("msgid", .nullable(.text)), ("err", .nullable(.text)), ("status", .text),
            ("errmsg", .nullable(.text)), ("client_key", .nullable(.text)),
        ], optional: ["resmsgid", "msgid", "err", "errmsg", "client_key"])

    private static let failureParams = Schema.object(
        [
            ("resmsgid", .nullable(.text)), ("msgid", .nullable(.text)), ("err", .text), ("status", .text),
            ("errmsg", .text), ("client_key", .nullable(.text)),
        ], optional: ["resmsgid", "msgid", "client_key"])

    static func meaning(of status: Int) -> String {
        switch status {
        case 400: "The request is malformed, or asks for what cannot be."
        case 401: "Nobody is signed in, or the credentials have expired."
        case 403: "Whoever asks may not."
        case 404: "There is no such thing, or not for whoever asks."
        case 409: "The state of something else stands against it."
        case 413: "The body is too large."
        case 415: "The body is of another type."
        case 416: "There is no such range."
        case 429: "Too many requests; `Retry-After` says when to try again."
        case 503: "Something that is needed does not answer now."
        default: "A fault of the service."
        }
    }
}
