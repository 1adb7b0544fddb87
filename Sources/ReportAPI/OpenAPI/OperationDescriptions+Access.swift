import ReportModel

extension OperationDescriptions {
    /// Health, metrics, this document.
    static let operations: [String: OperationDescription] = [
        "health": .init(
            .operations, "Whether the program lives.",
            answers: [.init(200, "It does.", .json(.object([("status", .choice(["up"]))])))]),
        "ready": .init(
            .operations, "Whether everything works that the program needs.",
            answers: [
                .init(200, "It does, or only what some requests need does not, and is named.", .json(readiness)),
                .init(503, "Something that all need does not, and is named.", .json(readiness)),
            ]),
        "metrics": .init(
            .operations, "Counts and times for Prometheus; for this machine, or by the token of `http.metricsToken`.",
            answers: [.init(200, "Metrics.", .text)], by: .metricsToken),
        "openapi": .init(
            .operations, "This document.",
            answers: [.init(200, "OpenAPI 3.1.", .json(.object([("openapi", .text)], isOpen: true)))]),
        "refreshCache": .init(
            .operations, "Reads the table of consumers again, at once.",
            answers: [.init(200, "It was read.", .json(Components.envelope(.object([("msg", .text)]))))]),
        "reportPage": .init(.page, "The page.", answers: [.init(200, "HTML.", html), .init(304, "As before.")]),
        "openPage": .init(
            .page, "The page that opens files in the browser.",
            answers: [.init(200, "HTML.", html), .init(304, "As before.")]),
        "pageIcon": .init(
            .page, "The icon.",
            answers: [.init(200, "SVG.", .init(type: "image/svg+xml", schema: .text)), .init(304, "As before.")]),
        "pageAsset": .init(
            .page, "What the pages are made of.",
            answers: [.init(200, "The asset.", .init(type: "*/*", schema: .anything)), .init(304, "As before.")]),
    ]

    private static let html = OperationDescription.Content(type: "text/html", schema: .text)

    private static let readiness = Schema.object([
        ("status", .choice(["ready", "degraded", "unready"])), ("checks", .object([], isOpen: true)),
    ])

    /// Sessions.
    static let access: [String: OperationDescription] = [
        "session": .init(
            .access, "Who is signed in.",
            answers: [
                .init(
                    200, "The session.",
                    .json(
                        .object([
                            ("signedIn", .flag), ("user", .nullable(.text)), ("channel", .nullable(.text)),
                            ("roles", .list(.text)), ("csrfToken", .nullable(.text)), ("mode", .text),
                            ("signInPath", .nullable(.text)),
                        ])))
            ], by: .sessionIfAny),
        "signIn": .init(
            .access, "Begins to sign in: sends the browser to the provider.",
            parameters: [.query("returnTo", .text, "The path to return to.")],
            answers: [.init(302, "To the provider.")], errors: [404, 429]),
        "signInCallback": .init(
            .access, "Where the provider sends the browser back to.",
            parameters: [
                .query("code", .text, "The provider's code."),
                .query("state", .text, "As it was sent to the provider."),
                .query("error", .text, "Why the provider refuses."),
            ], answers: [.init(200, "Signed in; the page goes on to where the browser came from.", .page)],
            errors: [401, 403, 404, 429], hasErrorPage: true),
        "signInPortal": .init(
            .access, "Signs in by a token that a page of the portal posts.",
            parameters: [.header("Origin", .text, "As browsers send it: one of `signIn.portalOrigins`.")],
            body: .init(type: "application/x-www-form-urlencoded", schema: posted), .json(posted),
            answers: [.init(200, "Signed in; the page goes on to `returnTo`.", .page)], errors: [401, 403, 404, 429],
            hasErrorPage: true),
        "signOut": .init(
            .access, "Ends the session.",
            answers: [
                .init(
                    200, "Nobody is signed in.",
                    .json(.object([("signedIn", .flag), ("continueAt", .nullable(.text))])))
            ]),
    ]

    private static let posted = Schema.object(
        [("token", .text), ("returnTo", .text)], optional: ["returnTo"], isOpen: true)
}
