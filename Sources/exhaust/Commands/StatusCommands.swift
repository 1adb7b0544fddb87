import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService

/// `exhaust status REQUEST_ID`
enum StatusCommand {
    static let command = Command(
        "status", summary: "Tells how a request stands, and where its files are.",
        parameters: [SharedParameters.requestID, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let folder = try composition.folder()
        let id = try arguments.required(SharedParameters.requestID)
        return try await composition.service(in: folder, readsLearners: false).closing { service in
            let stored = try await RequestLookUp.find(id, in: service.ports.jobs)
            let place = try await service.ports.jobs.waitingLine()[stored.request.key]
            let view = RequestView(request: stored.request, run: stored.run, placeInLine: place)
            if arguments.has(SharedParameters.json) {
                try console.print(view.json().compactText + "\n")
            } else {
                try console.print(try text(view, folder))
            }
            return .success
        }
    }

    private static func text(_ view: RequestView, _ folder: DataFolder) throws -> String {
        var lines = [
            "request    \(view.request.requestID)", "report     \(view.request.reportID)",
            "tag        \(view.request.tag)", "state      \(view.state)",
            "submitted  \(view.request.submittedAt.iso8601)",
        ]
        if let completed = view.request.completedAt { lines.append("ended      \(completed.iso8601)") }
        for file in view.run?.files ?? [] {
            lines.append("file       \(folder.files)/\(file.path)  \(HumanText.size(file.fileBytes))")
            let receipt = ReceiptText.text(try JSONValue(parsing: file.receipt), indent: "           ")
            lines.append(String(receipt.dropLast()))
        }
        if let error = view.error, !error.isEmpty { lines.append("why        \(error)") }
        if view.request.status == .failed, let failure = view.run?.failure {
            if !failure.remedy.isEmpty { lines.append("remedy     \(failure.remedy)") }
            lines.append("can be mended by  \(failure.mender.rawValue)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// `exhaust list`
enum ListCommand {
    /// Requests shown where nothing is said.
    private static let defaultLimit = 1_000
    private static let limit = Parameter.option("limit", "N", "Requests to show at the most; 1,000 otherwise.")

    static let command = Command(
        "list", summary: "Lists requests, newest first.",
        parameters: [SharedParameters.tag, SharedParameters.channel, limit, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let limit = try arguments.number(limit, 1...1_000_000) ?? defaultLimit
        let channel = arguments.value(SharedParameters.channel)
        let tag = arguments.value(SharedParameters.tag)
        guard tag == nil || channel != nil else {
            throw UsageError("--tag: it needs --channel", remedy: "A tag belongs to a channel; name both.")
        }
        return try await composition.service(in: composition.folder(), readsLearners: false).closing { service in
            let stored = try await service.ports.jobs.requests(
                RequestQuery(tag: tag.map { "\($0):\(channel ?? "")" }, channel: channel, limit: limit))
            if arguments.has(SharedParameters.json) {
                let jobs = try stored.map { try RequestView(request: $0.request, run: $0.run).json() }
                try console.print(
                    JSONValue.members(("count", .integer(jobs.count)), ("jobs", .array(jobs))).compactText + "\n")
                return .success
            }
            var table = TextTable([
                .init("request"), .init("report"), .init("tag"), .init("submitted"), .init("state"),
            ])
            for entry in stored {
                let view = RequestView(request: entry.request, run: entry.run)
                table.add(
                    view.request.requestID, view.request.reportID, view.request.tag, view.request.submittedAt.iso8601,
                    view.state)
            }
            try console.print(table.text)
            return .success
        }
    }
}

/// `exhaust cancel REQUEST_ID`
enum CancelCommand {
    static let command = Command(
        "cancel", summary: "Calls a request off.", parameters: [SharedParameters.requestID, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let id = try arguments.required(SharedParameters.requestID)
        return try await composition.service(in: composition.folder(), readsLearners: false).closing { service in
            let found = try await RequestLookUp.find(id, in: service.ports.jobs)
            let stored = try await service.ports.jobs.cancel(found.request.key)
            if arguments.has(SharedParameters.json) {
                try console.print(try RequestView(request: stored.request, run: stored.run).json().compactText + "\n")
            } else if stored.request.status == .cancelled {
                try console.print("\(id)  cancelled\n")
            } else {
                try console.print("\(id)  will be cancelled at its worker's next heartbeat\n")
            }
            return .success
        }
    }
}

/// `exhaust adopt`
enum AdoptCommand {
    private static let report = Parameter.option("report", "ID", isRepeatable: true, "Only requests for this report.")

    static let command = Command(
        "adopt", summary: "Takes over requests that another program left in PROCESSING.",
        details: """
            Only for rows that no worker of ours ever leased, and for our reports. Make sure that the program that took \
            them is no longer running, since both would work on them.
            """, parameters: [report, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let registry = composition.registry
        let reports = registry.names(of: Set(try arguments.values(report).map { try registry.report(named: $0).id }))
        return try await composition.service(in: composition.folder(), readsLearners: false).closing { service in
            var adopted: [JSONValue] = []
            for row in try await service.ports.jobs.foreignRuns() where reports.contains(row.reportID) {
                let stored = try await service.ports.jobs.adopt(row.key)
                adopted.append(.string(stored.request.requestID))
                if !arguments.has(SharedParameters.json) {
                    try console.print("\(stored.request.requestID)  \(stored.request.reportID)  waits now\n")
                }
            }
            if arguments.has(SharedParameters.json) {
                try console.print(JSONValue.members(("adopted", .array(adopted))).compactText + "\n")
            } else if adopted.isEmpty {
                try console.print("nothing to adopt\n")
            }
            return .success
        }
    }
}

/// Finds requests by the id that people have.
enum RequestLookUp {
    static func find(_ id: String, in jobs: any JobStore) async throws -> StoredRequest {
        guard let stored = try await jobs.request(id, tag: nil) else {
            throw ExhaustError(
                .notFound, "request \(id): there is none", remedy: "`exhaust list` shows the ids of all requests.")
        }
        return stored
    }
}
