import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportService

/// Links, minted at the click, and the files behind them.
enum DownloadRoutes {
    static func make(_ ports: APIPorts, _ gate: RequestGate) -> [Route] {
        [
            Route(.post, "/v1/requests/{tag}/{requestId}/links", operation: "mintLink") { request in
                let caller = try request.knownCaller()
                let body = try await JSONBody(request, members: ["file"])
                let index = try body.requiredInteger("file")
                let document = try await gate.document(request, for: caller)
                let link = try ports.links.link(of: index, in: document.request, for: caller)
                // A link that is bound to a session is relative: the session is known only where the page came from.
                let settings = ports.links.settings
                let base = settings.areBearer ? LinkAddress.base(of: request.http, settings: settings) : ""
                return JSONAnswer.make(
                    .members(
                        ("url", .string(base + link.path)), ("expiresAt", .string(link.expiresAt.iso8601))))
            },
            // Links for everybody carry their own authority; the others ask who calls.
            Route(.get, "/v1/files/{token}", operation: "downloadFile", access: .handler) { request in
                try await download(request, ports, gate)
            },
        ]
    }

    private static func download(
        _ request: APIRequest, _ ports: APIPorts, _ gate: RequestGate
    ) async throws -> HTTPResponse {
        let link = try ports.links.open(try request.parameter("token"))
        let caller: Caller
        if let issuedTo = link.issuedTo {
            caller = issuedTo
            try ports.access.admit(caller)
        } else {
            caller = try await ports.access.caller(of: request.http)
        }
        try ports.links.check(link, usedBy: caller)
        guard let stored = try await ports.service.jobs.request(link.request.requestID, tag: link.request.tag) else {
            throw RequestGate.missing(link.request.requestID)
        }
        if link.issuedTo == nil, let refusal = try await gate.sight.look(at: [stored], as: caller).refusal {
            throw RequestGate.missing(link.request.requestID, because: refusal)
        }
        let path = try ports.links.storedPath(of: link, in: stored.request)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // A signed address is good for GET alone.
        if ports.links.settings.areDirect, request.http.method == .get,
            let linking = ports.service.files as? any DirectLinking
        {
            // A file that is gone is told here, in words, and not by the store.
            guard try await ports.service.files.size(of: path) != nil else { throw missing(path) }
            try await note(link, stored, caller, request, ports)
            return try await redirect(to: path, name: name, of: linking)
        }
        let file = try await open(path, in: ports.service.files)
        do {
            let isHandedOut = request.http.method == .get && FileAnswer.hasBytes(file, for: request.http)
            if isHandedOut { try await note(link, stored, caller, request, ports) }
        } catch {
            await file.close()
            throw error
        }
        return FileAnswer.make(file, name: name, to: request.http)
    }

    /// Before the first byte: what cannot be written down is not handed out. Pieces of one download are entries of their own.
    private static func note(
        _ link: LinkMinter.Link, _ stored: StoredRequest, _ caller: Caller, _ request: APIRequest, _ ports: APIPorts
    ) async throws {
        let range = request.http.fields["Range"].map { " \($0.prefix(60))" } ?? ""
        try await ports.auditing.note(
            .download, by: caller, of: request.http, report: stored.request.reportID, about: stored.request.key,
            batches: stored.run?.files.filter { stored.request.downloadPaths[link.index] == $0.path }.map(\.batch.batch)
                ?? [],
            detail: "file \(link.index)\(link.holder.isEmpty ? ", by a link for everybody" : "")\(range)")
    }

    /// Sends the browser on to the store.
    private static func redirect(
        to path: String, name: String, of linking: any DirectLinking
    ) async throws -> HTTPResponse {
        let address = try await linking.directLink(
            to: path, seconds: FileAnswer.addressSeconds, downloadName: name)
        return HTTPResponse(status: 307, fields: ["Location": address, "Cache-Control": "no-store"])
    }

    private static func open(_ path: String, in files: any FileStore) async throws -> any OpenedFile {
        if let opening = files as? any FileOpening { return try await opening.open(path) }
        guard let size = try await files.size(of: path) else { throw missing(path) }
        return UnheldFile(files: files, path: path, size: size)
    }

    private static func missing(_ path: String) -> ExhaustError {
        ExhaustError(.notFound, "file \(path): there is none", remedy: "Ask for a fresh one.")
    }
}

/// A file of a store that cannot hold one open; should another take its place, the end of the download is missing, which
/// readers notice.
private struct UnheldFile: OpenedFile {
    let files: any FileStore
    let path: String
    let size: Int64

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard try await files.size(of: path) == size else {
            throw ExhaustError(.conflict, "file \(path): another one took its place", remedy: "Download it again.")
        }
        return try await files.read(path, at: offset, count: count)
    }

    func close() async {}
}
