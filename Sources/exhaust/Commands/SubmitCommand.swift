import JobLifecycle
import ReportModel
import ReportService
import SecureArchive

/// `exhaust submit REPORT …`
enum SubmitCommand {
    private static let by = Parameter.option("by", "USER", isRequired: true, "User id of the requester.")
    private static let tag = Parameter.option(
        "tag", "TAG", isRequired: true, "The requester's own key for the request.")
    private static let channel = Parameter.option(
        "channel", "ORG", isRequired: true, "Root organisation of the requester.")
    private static let fresh = Parameter.flag("fresh", "Make the files anew although they are there already.")

    static let command = Command(
        "submit", summary: "Files a request for a report; a worker makes it.",
        details: """
            The same request twice is one request: it is answered with its state. What is known to fail (an unknown batch, \
            a retired collection, a missing password) is refused at once.
            """,
        parameters: [
            SharedParameters.report, SharedParameters.batch, SharedParameters.search, channel, by, tag,
            SharedParameters.layout, SharedParameters.passwordFile, fresh, SharedParameters.json,
        ], alternatives: [[SharedParameters.batch, SharedParameters.search]]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let wish = RequestWish(
            report: try arguments.required(SharedParameters.report), config: try RequestInput.config(arguments),
            channel: try arguments.required(channel), requestedBy: try arguments.required(by),
            tag: try arguments.required(tag), password: try RequestInput.password(arguments),
            isFresh: arguments.has(fresh))
        return try await composition.service(in: composition.folder()).closing { service in
            let answer = try await service.submitting.submit(wish)
            let stored = RequestView(request: answer.request, run: answer.run)
            if arguments.has(SharedParameters.json) {
                try console.print(stored.json(effect: answer.effect).compactText + "\n")
            } else {
                try console.print(
                    "\(answer.request.requestID)  \(RequestView.text(of: answer.effect, answer.request))\n")
            }
            return .success
        }
    }
}

/// What several commands read from the command line.
enum RequestInput {
    /// Bytes of a search body.
    static let searchLimit = 1 << 20

    /// The batches and the layout.
    static func config(_ arguments: Arguments) throws -> DatasetConfig {
        let layout = arguments.value(SharedParameters.layout).flatMap(ReportLayout.init(rawValue:))
        if let path = arguments.value(SharedParameters.search) {
            let bytes = try TextFile.read(path == "-" ? "/dev/stdin" : path, limit: searchLimit)
            return DatasetConfig(
                selection: .search(try JSONValue(parsing: bytes, name: "search \(path)")), layout: layout)
        }
        let ids = arguments.values(SharedParameters.batch)
        return DatasetConfig(selection: ids.count == 1 ? .batch(ids[0]) : .batches(ids), layout: layout)
    }

    /// The password, if a file with one is named.
    static func password(_ arguments: Arguments) throws -> Password? {
        try arguments.value(SharedParameters.passwordFile).map { try Password(TextFile.password($0)) }
    }
}
