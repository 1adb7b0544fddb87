import HTTPMessages
import HTTPServer
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Testing

/// The whole API about requests on ports in memory. Who calls is said by the header `Test-Caller`: `user@channel`; users
/// whose name begins with `mentor` may have their own batches only, `guest` nothing at all.
struct RequestScene {
    var service: ServiceScene
    let audit: MemoryAuditLog
    let ports: APIPorts
    private let handler: APIHandler

    init(
        _ tables: ImportTables = CourseTables.make(), links: LinkSettings = LinkSettings(),
        settings: ServiceSettings = ServiceSettings(), files: (any FileStore)? = nil,
        datasets: (any DatasetStore)? = nil, tap: PortTap? = nil,
        watching: WatchLimits = WatchLimits(), previews: PreviewLimits = PreviewLimits()
    ) throws {
        var service = try ServiceScene(tables, settings: settings)
        service.decrypter = PrefixDecrypter()
        audit = MemoryAuditLog(clock: service.clock)
        var servicePorts = service.ports(tap)
        if let files { servicePorts.files = files }
        ports = APIPorts(
            service: servicePorts, settings: settings, master: service.master, access: TestAccess(),
            datasets: datasets ?? NoDatasets(),
            links: try LinkMinter(master: service.master, settings: links, clock: service.clock),
            auditing: Auditing(log: audit, events: service.log, clock: service.clock), previews: previews,
            watching: watching)
        self.service = service
        handler = APIHandler(
            table: API.routes(ports), access: ports.access, clock: service.clock, observer: NoObserver(),
            auditing: ports.auditing)
    }

    /// The answer to a request; `as` nil is nobody.
    func send(
        _ method: HTTPMethod, _ path: String, as caller: String? = "admin-1@org-1", _ body: String = "",
        fields more: [(String, String)] = []
    ) async -> Answer {
        var fields = HTTPFields()
        if let caller { fields.append("Test-Caller", caller) }
        for (name, value) in more { fields.append(name, value) }
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let request = HTTPRequest(
            method: method, path: parts[0], query: parts.count > 1 ? parts[1] : "", fields: fields, peer: "192.0.2.7",
            requestID: "test", body: TextBody(body))
        return Answer(await handler.respond(to: request))
    }

    func get(_ path: String, as caller: String? = "admin-1@org-1") async -> Answer {
        await send(.get, path, as: caller)
    }

    func post(_ path: String, _ body: String = "", as caller: String? = "admin-1@org-1") async -> Answer {
        await send(.post, path, as: caller, body)
    }

    /// Files the usual request and does the work; answers its address.
    func finished(_ report: String = "progress-exhaust", batch: String = "b1", as caller: String = "admin-1@org-1")
        async throws -> String
    {
        let address = try await filed(report, batch: batch, as: caller)
        try await service.work()
        return address
    }

    func filed(_ report: String = "progress-exhaust", batch: String = "b1", as caller: String = "admin-1@org-1")
        async throws -> String
    {
        let body = #"{"report":"\#(report)","batchId":"\#(batch)","password":"correct horse battery"}"#
        let answer = await post("/v1/requests", body, as: caller)
        #expect(answer.status == 201)
        let json = try await answer.json()
        let id = try #require(json["requestId"]?.text)
        return "/v1/requests/\(PercentEncoding.encode(try #require(json["tag"]?.text)))/\(id)"
    }
}

/// An answer, whose body can be read once.
struct Answer {
    let response: HTTPResponse
    var status: Int { response.status }
    var fields: HTTPFields { response.fields }

    init(_ response: HTTPResponse) { self.response = response }

    func bytes() async throws -> [UInt8] {
        switch response.body {
        case .bytes(let bytes): return bytes
        case .stream(let stream, _):
            var all: [UInt8] = []
            while let piece = try await stream.next() { all += piece }
            return all
        }
    }

    func text() async throws -> String { String(decoding: try await bytes(), as: UTF8.self) }

    func json() async throws -> JSONValue { try JSONValue(parsing: try await text()) }

    /// The stream of events.
    var stream: (any HTTPBytes)? { if case .stream(let stream, _) = response.body { stream } else { nil } }
}

extension CourseTables {
    /// The courses, in which `mentor-1` mentors batch b1 alone.
    static func mentored() -> ImportTables {
        var tables = make()
        tables.add(
            ["courseid": "do_course", "batchid": "b1", "name": "Batch b1", "mentors": #"["mentor-1"]"#],
            to: "course_batch")
        return tables
    }
}

extension JSONValue {
    /// A member of a member, by names with dots; numbers are places in lists.
    func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, name in
            if let place = Int(name) {
                let elements = value?.elements ?? []
                return elements.indices.contains(place) ? elements[place] : nil
            }
            return value?[String(name)]
        }
    }
}

struct TestAccess: AccessControl {
    func caller(of request: HTTPRequest) async throws -> Caller {
        guard let name = request.fields["Test-Caller"] else {
            throw ExhaustError(.unauthenticated, "nobody is signed in")
        }
        let parts = name.split(separator: "@").map(String.init)
        return Caller(
            credential: parts[0] == "program" ? .consumer : .session, channel: parts[1],
            userID: parts[0] == "program" ? nil : parts[0], sessionID: request.fields["Test-Session"] ?? "s1")
    }

    /// Whose downloads by links are refused.
    static let busy = "admin-busy"

    func admit(_ caller: Caller) throws(ExhaustError) {
        if caller.userID == Self.busy {
            throw ExhaustError(.tooManyRequests, "too many requests", cause: RetryAfter(seconds: 3))
        }
    }

    func check(_ caller: Caller, dataset: String, metadata: DatasetMetadata?) throws(ExhaustError) {
        if caller.userID == "guest" || (caller.userID == "clerk" && dataset == "userinfo-exhaust") {
            throw .notAuthorised
        }
    }

    func check(_ caller: Caller, batches: [BatchRecord]) throws(ExhaustError) {
        guard let user = caller.userID, user.hasPrefix("mentor") else { return }
        for batch in batches where batch.createdBy != user && !batch.mentors.contains(user) { throw .notAuthorised }
    }
}

private struct NoObserver: APIObserver {
    func answered(_ request: HTTPRequest, _ route: Route?, status: Int, after duration: Duration) {}
    func failed(_ request: HTTPRequest, _ route: Route?, caller: Caller?, _ error: ExhaustError) {}
}
