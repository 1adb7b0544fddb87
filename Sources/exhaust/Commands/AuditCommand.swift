import ReportModel
import ReportPorts

/// `exhaust audit`
enum AuditCommand {
    private static let user = Parameter.option("user", "ID", "Only what this user did.")
    private static let request = Parameter.option("request", "ID", "Only what concerns this request.")
    private static let action = Parameter.option(
        "action", "A", isRepeatable: true, choices: AuditEntry.Action.allCases.map(\.rawValue), "Only this action.")
    private static let since = Parameter.option("since", "TIME", "Only from this moment on, such as 2024-01-31 (UTC).")
    private static let limit = Parameter.option("limit", "N", "Entries at the most; 1000 otherwise.")

    static let command = Command(
        "audit", summary: "Lists who asked for, saw and fetched what, newest first.",
        details: """
            The service writes an entry before it does the thing; what cannot be written down is not done. Entries are kept \
            for audit.keepDays and cannot be changed. What commands do is not in it: whoever may run them owns the folder.
            """,
        parameters: [user, SharedParameters.channel, request, action, since, limit, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        var query = AuditQuery(
            userID: arguments.value(user), channel: arguments.value(SharedParameters.channel),
            requestID: arguments.value(request),
            actions: Set(arguments.values(action).compactMap(AuditEntry.Action.init(rawValue:))))
        query.limit = try arguments.number(limit, 1...10_000_000) ?? query.limit
        if let text = arguments.value(since) {
            guard let moment = Timestamp(text) else {
                throw UsageError(
                    "--since: `\(text)` is no day or moment", remedy: "Write it like 2024-01-31T09:00:00Z.")
            }
            query.since = moment
        }
        let wanted = query
        let entries =
            try await composition.withAudit(in: composition.folder()) { try await $0.log.entries(wanted) } ?? []
        if arguments.has(SharedParameters.json) {
            let list = JSONValue.array(entries.map(json))
            try console.print(
                JSONValue.members(("count", .integer(entries.count)), ("entries", list)).compactText + "\n")
        } else {
            try console.print(table(entries))
        }
        return .success
    }

    private static func table(_ entries: [AuditEntry]) -> String {
        var table = TextTable([
            .init("time"), .init("action"), .init("who"), .init("channel"), .init("report"), .init("request"),
            .init("batches"), .init("from"), .init("detail"),
        ])
        for entry in entries {
            let who = [entry.userID, entry.consumerID.map { "consumer \($0)" }].compactMap { $0 }
            table.add(
                entry.at.iso8601, entry.action.rawValue, visible(who.joined(separator: ", ")), visible(entry.channel),
                visible(entry.report ?? ""), visible(entry.request?.requestID ?? ""), visible(batches(entry)),
                visible(entry.address), visible(entry.detail))
        }
        return table.text
    }

    /// The first few: a search can be about hundreds.
    private static func batches(_ entry: AuditEntry) -> String {
        let shown = entry.batches.prefix(3).joined(separator: ", ")
        return entry.batches.count > 3 ? "\(shown) and \(entry.batches.count - 3) more" : shown
    }

    /// Callers choose some of these texts; on a terminal they must not do more than be read.
    private static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    return isControl || scalar.properties.generalCategory == .format ? "\u{FFFD}" : scalar
                }))
    }

    private static func json(_ entry: AuditEntry) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return .members(
            ("at", .string(entry.at.iso8601)), ("action", .string(entry.action.rawValue)), ("user", text(entry.userID)),
            ("consumer", text(entry.consumerID)), ("channel", .string(entry.channel)), ("report", text(entry.report)),
            ("tag", text(entry.request?.tag)), ("requestId", text(entry.request?.requestID)),
            ("batches", .array(entry.batches.map(JSONValue.string))), ("address", .string(entry.address)),
            ("detail", .string(entry.detail)))
    }
}
