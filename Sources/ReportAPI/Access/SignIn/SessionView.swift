import HTTPServer
import ReportModel
import ReportPorts

/// What the page needs to know of who uses it.
struct SessionView: Sendable {
    let json: JSONValue

    init(_ request: HTTPRequest, _ signIn: SignIn) async throws {
        let (mode, path): (String, String?) =
            switch signIn.mode {
            case .none: ("none", nil)
            case .demo: ("demo", nil)
            case .provider: ("oidc", "/v1/sign-in")
            case .portal(_, let address): ("portal", address.isEmpty ? nil : address)
            }
        var caller: Caller?
        var token = ""
        if case .demo(let demo) = signIn.mode {
            caller = try DemoAccess.caller(demo, of: request)
        } else if let cookie = try Self.cookie(of: request, signIn.sessions) {
            do {
                let session = try await signIn.sessions.session(of: cookie)
                caller = Caller(
                    credential: .session, channel: session.channel, userID: session.userID, roles: session.roles)
                token = try signIn.sessions.csrfToken(of: cookie)
            } catch let error as ExhaustError where error.code == .unauthenticated {
                caller = nil
            }
        }
        json = .members(
            ("signedIn", .bool(caller != nil)), ("user", caller?.userID.map(JSONValue.string) ?? .null),
            ("channel", (caller?.channel).map(JSONValue.string) ?? .null),
            ("roles", .array((caller?.roles ?? []).sorted().map(JSONValue.string))),
            ("csrfToken", caller == nil ? .null : .string(token)), ("mode", .string(mode)),
            ("signInPath", path.map(JSONValue.string) ?? .null))
    }

    private static func cookie(of request: HTTPRequest, _ sessions: Sessions) throws -> String? {
        do {
            return try sessions.cookie(of: request)
        } catch {
            return nil
        }
    }
}
