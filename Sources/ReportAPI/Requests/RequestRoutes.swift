import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPorts
import ReportService

/// Our own operations about requests, beside upstream's dialects: what the page is made of.
public enum RequestRoutes {
    /// Requests of one list at the most.
    static let listLimit = 200

    /// All of them.
    public static func make(_ ports: APIPorts) -> [Route] {
        let gate = RequestGate(ports: ports)
        return CatalogueRoutes.make(ports, gate) + reading(ports, gate) + ChangingRoutes.make(ports, gate)
            + EventRoutes.make(ports, gate) + DownloadRoutes.make(ports, gate)
    }

    private static func reading(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        let pages = RequestPages(jobs: ports.service.jobs, sight: gate.sight)
        return [
            Route(.get, "/v1/requests", operation: "listRequests") { request in
                let caller = try request.knownCaller()
                let page = try await pages.page(try query(request, caller, ports), for: caller)
                let documents = try await ports.viewing.documents(of: page.requests)
                return JSONAnswer.make(
                    .members(
                        ("requests", .array(documents.map { $0.json(for: caller.userID) })),
                        ("next", try page.next.map { .string(try ports.cursors.text(of: $0, for: caller)) } ?? .null)))
            },
            Route(.get, "/v1/requests/{tag}/{requestId}", operation: "showRequest") { request in
                let caller = try request.knownCaller()
                return JSONAnswer.make(try await gate.document(request, for: caller).json(for: caller.userID))
            },
            Route(.get, "/v1/requests/{tag}/{requestId}/receipt", operation: "showReceipt") { request in
                let caller = try request.knownCaller()
                let document = try await gate.document(request, for: caller)
                let receipts = try receipts(of: document, batch: request.query["batch"])
                try await ports.auditing.note(
                    .receipt, by: caller, of: request.http, report: document.request.reportID,
                    about: document.request.key, batches: (document.batches ?? []).map(\.id))
                return JSONAnswer.make(
                    .members(
                        ("requestId", .string(document.request.requestID)), ("tag", .string(document.tag)),
                        ("receipts", .array(receipts))))
            },
        ]
    }

    private static func query(_ request: APIRequest, _ caller: Caller, _ ports: APIPorts) throws -> RequestQuery {
        let query = request.query
        var wanted = RequestQuery(
            channel: caller.channel, limit: try limit(query["limit"], default: 100, most: listLimit))
        if let tag = query["tag"], !tag.isEmpty { wanted.tag = "\(tag):\(caller.channel)" }
        if let cursor = query["before"], !cursor.isEmpty {
            wanted.after = try ports.cursors.place(of: cursor, for: caller)
        }
        for word in query["state"]?.split(separator: ",") ?? [] {
            guard let status = RequestStatus(rawValue: word.uppercased()) else {
                throw ExhaustError(
                    .invalidInput, "state \(word.prefix(50)): there is none",
                    remedy: "Use \(RequestStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            wanted.statuses.insert(status)
        }
        return wanted
    }

    /// A limit in a query.
    static func limit(_ text: String?, default usual: Int, most: Int) throws(ExhaustError) -> Int {
        guard let text, !text.isEmpty else { return usual }
        guard let limit = Int(text), limit > 0 else {
            throw ExhaustError(
                .invalidInput, "limit \(text.prefix(20)): it is no number above 0", remedy: "Use 1 to \(most).")
        }
        return min(limit, most)
    }

    private static func receipts(of document: RequestDocument, batch: String?) throws(ExhaustError) -> [JSONValue] {
        let all = document.receipts
        let wanted = batch.map { batch in all.filter { $0["batch"]?["id"]?.text == batch } } ?? all
        guard !wanted.isEmpty else {
            throw ExhaustError(
                .notFound, "receipt of request \(document.request.requestID): there is none",
                remedy: all.isEmpty ? "It is there when a file is." : "The request has no such batch.")
        }
        return wanted
    }
}
