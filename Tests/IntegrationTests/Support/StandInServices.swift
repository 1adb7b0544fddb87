import ReportModel
import ServiceTesting
import Synchronization

/// Content search, preferences, organisations and users of the platform, in the test's hand.
struct StandInServices: Sendable {
    /// What the search calls every content that it is asked for.
    static let contentName = "Named by the search"
    /// What a service that fails says, which nobody needs to read.
    static let refusal = "words of the service"
    /// The only user that the user service knows.
    static let user = "user-7"

    /// One of them, by how its address ends, or by what comes before a user's id.
    enum Service: String, CaseIterable {
        case search = "/v3/search"
        case preferences = "/org/preferences/read"
        case organisations = "/org/search"
        case users = "/user/v1/read/"
    }

    private final class Behaviour: Sendable {
        let searchIsSilent = Mutex(false)
        let statuses = Mutex<[Service: Int]>([:])
    }

    private let behaviour: Behaviour
    let server: LoopbackServer

    /// Starts them; `server.end()` has to be called.
    init() throws {
        let behaviour = Behaviour()
        self.behaviour = behaviour
        server = try LoopbackServer { Self.reply(to: $0, behaviour) }
    }

    var address: String { server.address }

    /// Whether the search says nothing any more.
    func silenceSearch(_ isSilent: Bool) { behaviour.searchIsSilent.withLock { $0 = isSilent } }

    /// What a service answers whatever it is asked; nil for what it should.
    func answer(_ status: Int?, from service: Service) { behaviour.statuses.withLock { $0[service] = status } }

    private static func reply(to request: LoopbackServer.Request, _ behaviour: Behaviour) -> LoopbackServer.Reply {
        let words = request.line.split(separator: " ")
        let target = words.count > 1 ? words[1] : ""
        if let service = Service.allCases.first(where: { target.contains($0.rawValue) }),
            let status = behaviour.statuses.withLock({ $0[service] })
        {
            return .answer(status, #"{"params":{"errmsg":"\#(refusal)"}}"#)
        }
        if target.hasSuffix("/v3/search") {
            return behaviour.searchIsSilent.withLock { $0 } ? .silence : search(request.body)
        }
        if target.hasSuffix("/org/preferences/read") {
            return .answer(400, #"{"responseCode":"RESOURCE_NOT_FOUND","result":{}}"#)
        }
        if target.hasSuffix("/org/search") { return ok(.members(("response", .members(("content", .array([])))))) }
        guard target.hasSuffix("/user/v1/read/\(user)"), request.field("x-authenticated-user-token") != nil else {
            return .answer(404, #"{"responseCode":"RESOURCE_NOT_FOUND","params":{"errmsg":"user not found."}}"#)
        }
        let organisation = JSONValue.members(("roles", .array([.string("ORG_ADMIN")])))
        return ok(
            .members(
                (
                    "response",
                    .members(
                        ("rootOrg", .members(("id", .string(Scene.organisation)))),
                        ("organisations", .array([organisation])))
                )))
    }

    /// Every identifier is a live content of the sample's organisation.
    private static func search(_ body: [UInt8]) -> LoopbackServer.Reply {
        let request: JSONValue
        do { request = try JSONValue(parsing: body)["request"] ?? .null } catch { return .answer(400, "{}") }
        let asked = request["filters"]?["identifier"]?.elements ?? []
        let page = asked.dropFirst(Int(request["offset"]?.integer ?? 0)).prefix(Int(request["limit"]?.integer ?? 100))
        let hits = page.map { identifier in
            JSONValue.members(
                ("identifier", identifier), ("name", .string(contentName)),
                ("channel", .string(Scene.organisation)), ("status", .string("Live")))
        }
        return ok(.members(("count", .integer(asked.count)), ("content", .array(hits))))
    }

    private static func ok(_ result: JSONValue) -> LoopbackServer.Reply {
        .answer(
            200, JSONValue.members(("responseCode", .string("OK")), ("result", result)).compactText,
            fields: ["Content-Type: application/json"])
    }
}
