import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPage
import ReportPorts
import ReportService
import ReportTesting
import Testing

@testable import ReportAPI

/// Every operation, asked for by everybody: nothing is open that should not be.
@Suite struct AccessMatrixTests {
    @Test func `every operation is in the matrix, and nothing else`() throws {
        let table = try MatrixScene.bare().table.routes.map { "\($0.method.rawValue) \($0.pattern)" }
        let rows = MatrixRow.all.map { "\($0.method.rawValue) \($0.pattern)" }
        #expect(Set(table).count == table.count && Set(rows).count == rows.count)
        #expect(Set(table).subtracting(rows).isEmpty, "say in AccessMatrix.swift who may call these")
        #expect(Set(rows).subtracting(table).isEmpty, "there are no such operations any more")
    }

    @Test func `an operation is open only where the matrix says so`() throws {
        for route in try MatrixScene.bare().table.routes where route.access == .open {
            let row = MatrixRow.all.first { $0.method == route.method && $0.pattern == route.pattern.description }
            #expect(row?.answers[.nobody] == .open, "\(route.method.rawValue) \(route.pattern)")
        }
    }

    @Test(arguments: MatrixRow.all)
    func `each caller gets what is theirs`(row: MatrixRow) async throws {
        let shared = try await MatrixScene()
        for caller in MatrixCaller.allCases {
            let expected = try #require(row.answers[caller])
            // Who gets it may change what there is.
            let scene = expected == .granted ? try await MatrixScene() : shared
            let answer = try await scene.ask(row, as: caller)
            let what: Comment = "\(row.method.rawValue) \(row.pattern) by \(caller): \(answer.status)"
            switch expected {
            case .open, .granted: #expect(answer.status == row.status, what)
            case .empty:
                #expect(answer.status == 200, what)
                // Nor how many there are of what belongs to others.
                #expect(!answer.text.contains(/"(enrolments|activeEnrolments|count)":[1-9]/), what)
            case .unauthenticated: #expect(answer.status == 401, what)
            case .forbidden: #expect(answer.status == 403, what)
            case .missing: #expect(answer.status == 404, what)
            }
            if expected != .granted {
                for marker in scene.markers { #expect(!answer.text.contains(marker), what) }
            }
        }
    }

    @Test func `a refusal leaves its mark in the audit log, with who and what, and nothing else`() async throws {
        let scene = try await MatrixScene()
        let before = try await scene.service.stored(scene.key)
        for row in MatrixRow.all {
            for (caller, expected) in row.answers where row.isRefusal(expected, to: caller) {
                let marks = scene.access.audit.all.count
                _ = try await scene.ask(row, as: caller)
                scene.access.clock.advance(seconds: 2)
                let new = scene.access.audit.all[marks...]
                let what: Comment = "\(row.method.rawValue) \(row.pattern) by \(caller)"
                #expect(new.map(\.action) == [.refused], what)
                #expect(new.map { caller.isNamed(by: $0) } == [true], what)
                if row.namesRequest, caller.isKnown { #expect(new.map(\.request) == [scene.key], what) }
            }
        }
        #expect(try await scene.service.stored(scene.key) == before)
    }
}

extension MatrixRow {
    /// Whether the path is of the one request, or of its file.
    fileprivate var namesRequest: Bool { path.contains("ID") || path.contains("LINK") }

    /// Also where somebody is told that there is no such request.
    fileprivate func isRefusal(_ answer: MatrixAnswer, to caller: MatrixCaller) -> Bool {
        switch answer {
        case .forbidden, .unauthenticated: true
        case .missing, .empty: namesRequest
        case .open, .granted: false
        }
    }
}

extension MatrixCaller {
    /// Whether it is known who they are, and they get as far as the request.
    fileprivate var isKnown: Bool {
        switch self {
        case .nobody, .wrongConsumer, .wrongOrganisation, .endedSession, .sessionWithoutToken: false
        case .wrongRole, .otherMentor, .stranger, .session, .user, .consumer: true
        }
    }

    /// Whether an entry names this caller, as far as it is known who it is.
    fileprivate func isNamed(by entry: AuditEntry) -> Bool {
        let (user, consumer, channel): (String?, String?, String) =
            switch self {
            case .nobody, .endedSession: (nil, nil, "")
            case .wrongConsumer: (nil, nil, "org-1")
            case .consumer: (nil, "c1", "org-1")
            case .wrongOrganisation, .stranger: ("x", nil, "org-8")
            case .wrongRole: ("y", nil, "org-1")
            case .otherMentor: ("z", nil, "org-1")
            case .session, .sessionWithoutToken, .user: (MatrixScene.admin, nil, "org-1")
            }
        return entry.userID == user && entry.consumerID == consumer && entry.channel == channel
    }
}

extension MatrixRow: CustomTestStringConvertible {
    var testDescription: String { "\(method.rawValue) \(pattern)" }
}

/// The whole API over one finished request of organisation org-1, with the real access control.
struct MatrixScene {
    let access: AccessScene
    let service: ServiceScene
    let table: RouteTable
    let key: RequestKey
    private let handler: APIHandler
    private let link: String
    /// Looks after the event streams until the scene goes.
    private let watching: Watching
    private let cookies: (right: String, ended: String)
    private let csrfToken: String

    static let admin = "marker-admin"

    /// What only they may see who may see the request or its learners.
    var markers: [String] { [CourseTables.marker, Self.admin] }

    /// The operations, without anything to ask them about.
    static func bare() throws -> (table: RouteTable, ports: APIPorts) {
        let access = try AccessScene()
        let ports = try ports(access, ServiceScene(CourseTables.make(), clock: access.clock))
        return (API.routes(ports, and: PageRoutes.all), ports)
    }

    init() async throws {
        var access = try AccessScene()
        access.consumers.rows = [ConsumerChannel(consumer: "c1", channel: "org-1")]
        access.rules.userRate = RateLimit(perSecond: 0, burst: 1)
        access.rules.consumerRate = RateLimit(perSecond: 0, burst: 1)
        let service = try ServiceScene(CourseTables.make(), clock: access.clock)
        let answer = try await service.submit(by: Self.admin, password: "correct horse battery")
        try await service.work()
        key = answer.request.key
        let ports = try Self.ports(access, service)
        table = API.routes(ports, and: PageRoutes.all)
        handler = APIHandler(
            table: table, access: ports.access, clock: access.clock, observer: SilentObserver(),
            auditing: ports.auditing)
        let sessions = access.sessions
        let user = KnownUser(id: Self.admin, roles: ["ORG_ADMIN"], organisation: "org-1")
        func begin() async throws -> (cookie: String, caller: Caller) {
            let begun = try await sessions.begin(user)
            let caller = Caller(
                credential: .session, channel: "org-1", userID: user.id, roles: user.roles,
                sessionID: begun.record.cookieHash)
            return (String(begun.setCookie.prefix { $0 != ";" }), caller)
        }
        let right = try await begin()
        let ended = try await begin()
        _ = try await sessions.end(String(ended.cookie.drop { $0 != "=" }.dropFirst()))
        cookies = (right.cookie, ended.cookie)
        csrfToken = try sessions.csrfToken(of: String(right.cookie.drop { $0 != "=" }.dropFirst()))
        let stored = try await service.stored(key)
        link = try ports.links.link(of: 0, in: stored.request, for: right.caller).path
        watching = Watching(ports.watch)
        // Asleep between two looks: it is there.
        await service.clock.whenAsleep()
        self.access = access
        self.service = service
    }

    private static func ports(_ access: AccessScene, _ service: ServiceScene) throws -> APIPorts {
        let control = access.access()
        return APIPorts(
            service: service.ports(), settings: service.settings, master: service.master, access: control,
            datasets: NoDatasets(),
            links: try LinkMinter(master: service.master, settings: LinkSettings(), clock: access.clock),
            auditing: access.auditing,
            entrance: Entrance(signIn: try access.signIn(), consumers: access.cached, rules: access.rules),
            metrics: MetricsReport(
                ServiceMetrics(), jobs: service.jobs, clock: access.clock, token: nil, process: { _ in }))
    }

    /// The answer to a caller; of a stream the beginning.
    func ask(_ row: MatrixRow, as caller: MatrixCaller) async throws -> (status: Int, text: String) {
        let tag = key.tag.split(separator: ":").dropLast().joined(separator: ":")
        let path = row.path.replacing("TAG", with: PercentEncoding.encode(tag)).replacing(
            "/ID", with: "/\(key.requestID)"
        ).replacing("=ID", with: "=\(key.requestID)")
            .replacing("/v1/files/LINK", with: link)
        var fields = try fields(of: caller)
        if !row.body.isEmpty { fields.append("Content-Type", "application/json") }
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let response = await handler.respond(
            to: HTTPRequest(
                method: row.method, path: parts[0], query: parts.count > 1 ? parts[1] : "", fields: fields,
                peer: "192.0.2.\(MatrixCaller.allCases.firstIndex(of: caller) ?? 0)", requestID: "r",
                body: TextBody(caller == .consumer ? row.consumerBody : row.body)))
        switch response.body {
        case .bytes: return (response.status, response.text)
        // Events come when there are some; what they show to whom is tested beside their routes.
        case .stream where response.fields["Content-Type"] == "text/event-stream": return (response.status, "")
        case .stream(let stream, _):
            return (response.status, String(decoding: try await stream.next() ?? [], as: UTF8.self))
        }
    }

    private func fields(of caller: MatrixCaller) throws -> HTTPFields {
        func user(_ id: String, _ role: String, _ organisation: String, channel: String) throws -> HTTPFields {
            let token = try access.token([
                "sub": .string(id), "rootOrgId": .string(organisation),
                "realm_access": .members(("roles", .array([.string(role), .string("PUBLIC")]))),
            ])
            return ["X-Channel-ID": channel, "x-authenticated-user-token": token]
        }
        switch caller {
        case .nobody: return [:]
        case .wrongConsumer: return ["X-Channel-ID": "org-1", "X-Consumer-ID": "c2"]
        case .consumer: return ["X-Channel-ID": "org-1", "X-Consumer-ID": "c1"]
        case .wrongOrganisation: return try user("x", "ORG_ADMIN", "org-8", channel: "org-1")
        case .stranger: return try user("x", "ORG_ADMIN", "org-8", channel: "org-8")
        case .wrongRole: return try user("y", "STUDENT", "org-1", channel: "org-1")
        case .otherMentor: return try user("z", "COURSE_MENTOR", "org-1", channel: "org-1")
        case .user: return try user(Self.admin, "ORG_ADMIN", "org-1", channel: "org-1")
        case .session: return ["Cookie": cookies.right, "X-CSRF-Token": csrfToken]
        case .sessionWithoutToken: return ["Cookie": cookies.right]
        case .endedSession: return ["Cookie": cookies.ended]
        }
    }
}

/// Runs a watch until nobody holds this any more.
private final class Watching: Sendable {
    private let task: Task<Void, Never>

    init(_ watch: RequestWatch) { task = Task { await watch.run() } }

    deinit { task.cancel() }
}
