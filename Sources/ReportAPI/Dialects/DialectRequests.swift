import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPorts
import ReportService

/// The one use case behind the three dialects: submit, read, list (design.md 9).
struct DialectRequests: Sendable {
    let ports: APIPorts
    let dialect: any RequestDialect

    /// `data_exhaust.list.limit`: requests of a list that names no limit (upstream.md 8.1).
    static let listLimit = 100
    /// Requests of one page at the most, whatever limit is asked for.
    static let pageLimit = 10_000

    private var rules: DatasetRules { DatasetRules(ports: ports) }
    private var sight: RequestSight { RequestSight(ports: ports) }
    private var pages: RequestPages { RequestPages(jobs: ports.service.jobs, sight: sight) }

    /// Files a request. In upstream's order: what was sent, then who sent it (upstream.md 2.4); only then what it is about.
    func submit(_ request: APIRequest) async throws -> HTTPResponse {
        let sender = try await Sender(of: request.http, ports)
        let asked = try dialect.asked(in: try await DialectBody.request(of: request))
        let rows = try await rules.rows(of: asked.dataset ?? "", type: try asked.type)
        try await rules.checkForm(asked, rows)
        let caller = try sender.caller
        try rules.check(caller, rows)
        let wish = DatasetWish(
            dataset: asked.dataset ?? "", config: DatasetConfig.asSent(asked.config ?? .object([])),
            channel: caller.channel,
            requestedBy: try caller.requester(named: asked.requestedBy), tag: asked.tag ?? "", key: asked.key)
        let stored: JobRequest
        do {
            stored = try await file(wish, rows, by: caller, request.http)
        } catch let error as ExhaustError {
            throw error.asBadRequest
        }
        let document = dialect.document(of: try view(of: stored, request.http, for: caller), in: .single)
        return dialect.success(document, id: dialect.ids.submit, at: ports.clock.now())
    }

    private func file(
        _ wish: DatasetWish, _ rows: DatasetRules.Rows, by caller: Caller, _ http: HTTPRequest
    ) async throws -> JobRequest {
        let submitting = ports.submitting
        var wish = wish
        let maker = try submitting.maker(of: wish.dataset, isAdded: rows.isAdded)
        var batches: [BatchRecord] = []
        if case .report = maker, try ports.access.isLimitedToOwnBatches(caller) {
            batches = try await submitting.batches(of: wish)
            try ports.access.check(caller, batches: batches)
            // What cannot be read as one is for the run to tell.
            wish.config = try submitting.limited(wish, to: batches)
        }
        let (tag, noted) = (wish.tag, batches.map(\.key.batch))
        return try await submitting.submit(wish, madeBy: maker) { key in
            try await ports.auditing.note(
                .submit, by: caller, of: http, report: rows.dataset, about: key, batches: noted, detail: "tag \(tag)")
        }.request
    }

    /// Reads one request. Who asks comes first (design.md 9, mends upstream.md 2.14, 26).
    func read(_ request: APIRequest, requestID: String?) async throws -> HTTPResponse {
        let caller = try await ports.access.caller(of: request.http)
        let tag = try Self.readable(try request.parameter("tag"), "tag")
        let id = try Self.readable(requestID ?? "", "request id")
        let found = try await ports.service.jobs.request(id, tag: "\(tag):\(caller.channel)")
        guard let found else {
            try await requireAnyDataset(caller)
            if let refusal = try await sight.refusalOfForeign(id, to: caller) {
                await ports.auditing.noteRefusal(
                    of: request.http, operation: "readDatasetRequest", caller: caller, because: refusal)
            }
            // Upstream's words, its OK beside `failed` included (upstream.md 2.14, 10).
            return Envelope.failure(
                status: 200, code: "OK", message: "no job available with the given request_id and tag",
                id: dialect.ids.read, at: ports.clock.now())
        }
        if let refusal = try await sight.look(at: [found], as: caller).refusal { throw refusal }
        let document = dialect.document(of: try view(of: found.request, request.http, for: caller), in: .single)
        return dialect.success(document, id: dialect.ids.read, at: ports.clock.now())
    }

    /// Lists the requests of a tag, newest first.
    func list(_ request: APIRequest) async throws -> HTTPResponse {
        let caller = try await ports.access.caller(of: request.http)
        let tag = try Self.readable(try request.parameter("tag"), "tag")
        let limit = try request.query["limit"].map(Self.limit) ?? Self.listLimit
        let query = RequestQuery(tag: "\(tag):\(caller.channel)", limit: min(limit, Self.pageLimit))
        let page = try await pages.page(query, for: caller)
        if page.requests.isEmpty {
            if let refusal = page.refusal { throw refusal }
            try await requireAnyDataset(caller)
        }
        let jobs = try page.requests.map {
            dialect.document(of: try view(of: $0.request, request.http, for: caller), in: .list)
        }
        return dialect.success(
            .members(("count", .integer(jobs.count)), ("jobs", .array(jobs))), id: dialect.ids.list,
            at: ports.clock.now())
    }

    /// Searches the requests of the caller's channel.
    func search(_ request: APIRequest) async throws -> HTTPResponse {
        let sender = try await Sender(of: request.http, ports)
        let search = try RequestSearch(
            try await DialectBody.request(of: request), offsetMinutes: ports.settings.requestDateOffsetMinutes)
        let caller = try sender.caller
        var hits = RequestPages.Hits()
        if let query = search.query(channel: caller.channel) {
            let jobs = ports.service.jobs
            if caller.credential == .consumer || caller.credential == .demo {
                hits.count = try await jobs.count(query)
                hits.first = hits.count == 0 ? [] : try await jobs.requests(query)
            } else {
                hits = try await pages.hits(of: query, for: caller)
            }
        }
        if hits.count == 0 { try await requireAnyDataset(caller) }
        let jobs = try hits.first.map { stored in
            dialect.document(of: try view(of: stored.request, request.http, for: caller), in: .search)
        }
        var members: [JSONValue.Member] = [.init("count", .integer(hits.count)), .init("jobs", .array(jobs))]
        // Upstream counts them all; of more rows than are looked at, that is told.
        if !hits.isCountComplete { members.append(.init("countIsAtLeast", .bool(true))) }
        return dialect.success(.object(members), id: dialect.ids.search, at: ports.clock.now())
    }

    /// Where there is no dataset to ask about, the roles of the setting count (upstream.md 2.8).
    private func requireAnyDataset(_ caller: Caller) async throws {
        try rules.check(caller, try await rules.rows(of: "", type: nil))
    }

    private func view(of request: JobRequest, _ http: HTTPRequest, for caller: Caller) throws -> JobView {
        var shown = request
        if request.status != .success, request.status != .failed { shown.downloadPaths = [] }
        let (paths, expiresAt) = try ports.links.bearerLinks(of: shown, for: caller)
        let base = paths.isEmpty ? "" : LinkAddress.base(of: http, settings: ports.links.settings)
        // An address that names no object has nothing to link to (upstream.md 2.14, 24).
        let links = zip(request.downloadPaths, paths).filter { StoredAddress.key(of: $0.0) != nil }
        return JobView(request: request, links: links.map { base + $0.1 }, linksExpireAt: expiresAt)
    }

    private static func readable(_ text: String, _ name: String) throws(ExhaustError) -> String {
        guard !text.unicodeScalars.contains("\0") else { throw .badRequest("\(name): it holds a NUL character") }
        return text
    }

    /// As Java reads whole numbers: a sign, then decimal digits of any script (upstream.md 2.14, 28).
    private static func limit(_ text: String) throws(ExhaustError) -> Int {
        var value = 0
        let digits = text.hasPrefix("+") ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        var isNumber = !digits.isEmpty
        for scalar in digits {
            guard scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue else {
                isNumber = false
                break
            }
            value = min(value * 10 + Int(digit), 1 << 40)
        }
        guard isNumber, value <= Int(Int32.max) else {
            throw .badRequest("limit: it must be a whole number from 0 to \(Int32.max)", remedy: "Send such a number.")
        }
        return value
    }
}
