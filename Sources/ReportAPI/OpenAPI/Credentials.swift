import HTTPMessages
import HTTPServer
import ReportModel

/// How callers say who they are, as the OpenAPI document tells it: schemes, which of them go together, and the fields that
/// come with them.
struct Credentials: Sendable {
    /// The name of the session's cookie here: it depends on TLS.
    var cookieName = Cookies.name(Sessions.baseName, isSecure: true)
    /// Whether who names a consumer also has to be the gateway.
    var needsGatewaySecret = false
    /// Whether everybody is let in, as in demo mode.
    var letsEverybodyIn = false

    /// As an installation takes them; without an entrance nothing is known of it.
    init(_ entrance: Entrance?) {
        guard let entrance else { return }
        cookieName = entrance.signIn.sessions.name
        needsGatewaySecret = entrance.rules.gatewaySecret != nil
        letsEverybodyIn = entrance.rules.demo != nil
    }

    /// All schemes by name.
    var schemes: JSONValue {
        .members(
            ("userToken", key("x-authenticated-user-token", "A token of the platform's user.")),
            ("consumer", key("X-Consumer-ID", "Another program of the platform, as the gateway names it.")),
            (
                "gateway",
                key(
                    "X-Gateway-Secret",
                    "By which the gateway shows that it is one, where `access.gatewaySecret` is set; beside X-Consumer-ID."
                )
            ),
            ("session", key(cookieName, "The session of somebody who signed in for the page.", in: "cookie")),
            (
                "csrfToken",
                key(
                    "X-CSRF-Token",
                    "`csrfToken` of /v1/session; beside the session's cookie with whatever changes something.")
            ),
            (
                "metricsToken",
                .members(
                    ("type", .string("http")), ("scheme", .string("bearer")),
                    ("description", .string("The token of `http.metricsToken`.")))
            ))
    }

    private func key(_ name: String, _ summary: String, in place: String = "header") -> JSONValue {
        .members(
            ("type", .string("apiKey")), ("in", .string(place)), ("name", .string(name)),
            ("description", .string(summary)))
    }

    /// What an operation asks for: one of the elements, of which everything.
    func requirement(of route: Route, _ kind: OperationDescription.Credential) -> JSONValue {
        if kind == .metricsToken { return .array([all("metricsToken"), all()]) }
        if route.access == .open { return .array(kind == .sessionIfAny ? [all("session"), all()] : []) }
        var ways = [
            all("userToken"), needsGatewaySecret ? all("consumer", "gateway") : all("consumer"),
            route.method == .get ? all("session") : all("session", "csrfToken"),
        ]
        if letsEverybodyIn || kind == .linkOrCaller { ways.append(all()) }
        return .array(ways)
    }

    private func all(_ names: String...) -> JSONValue { .object(names.map { .init($0, .array([])) }) }

    /// The fields beside them that an operation reads.
    static func parameters(of route: Route, _ kind: OperationDescription.Credential) -> [OperationDescription.Parameter]
    {
        guard route.access != .open, kind != .metricsToken else { return [] }
        return [
            .header(
                "X-Channel-ID", .text,
                "The root organisation for which one asks; needed beside a token or a consumer, not beside a session."),
            .header(
                "X-Authenticated-Userid", .text,
                "The user whose token it is, where the gateway tells it: one of somebody else is refused."),
        ]
    }
}
