import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts

/// The operations of signing in and out.
enum SignInRoutes {
    /// Bytes of what the portal posts: a token and a path.
    private static let bodyLimit = 64 << 10

    static func make(_ signIn: SignIn) -> [Route] {
        [
            Route(.get, "/v1/session", operation: "session", access: .open) { request in
                json(try await SessionView(request.http, signIn).json)
            },
            Route(.get, "/v1/sign-in", operation: "signIn", access: .open) { try await signIn.begin($0.http) },
            Route(.get, "/v1/sign-in/callback", operation: "signInCallback", access: .open) {
                try await signIn.finish($0.http)
            },
            Route(.post, "/v1/sign-in/portal", operation: "signInPortal", access: .open, bodyLimit: bodyLimit) {
                try await signIn.takeToken($0.http, body: try await $0.body())
            },
            Route(.post, "/v1/sign-out", operation: "signOut") { try await signOut($0, signIn) },
        ]
    }

    private static func signOut(_ request: APIRequest, _ signIn: SignIn) async throws -> HTTPResponse {
        let caller = try request.knownCaller()
        var providerPage: JSONValue = .null
        var cookie: String?
        if let value = try signIn.sessions.cookie(of: request.http), caller.credential == .session {
            // Ended first: a log that cannot be written must not keep somebody signed in.
            cookie = try await signIn.sessions.end(value)
            await signIn.auditing.noteDone(.signOut, by: caller, of: request.http)
            if case .provider(let provider) = signIn.mode { providerPage = await provider.signOutPage() }
        }
        var response = json(.members(("signedIn", .bool(false)), ("continueAt", providerPage)))
        if let cookie { response.fields.append("Set-Cookie", cookie) }
        return response
    }

    private static func json(_ value: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: 200, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: .bytes(Array(value.compactText.utf8)))
    }
}

extension OpenIDProvider {
    /// Where the browser goes on after it signed out here; null if the provider has no such page, or cannot be asked now:
    /// here the session has ended all the same.
    fileprivate func signOutPage() async -> JSONValue {
        do {
            return try await endSession().map(JSONValue.string) ?? .null
        } catch {
            // It is in the log already, as `sign-in-provider-not-read`.
            return .null
        }
    }
}
