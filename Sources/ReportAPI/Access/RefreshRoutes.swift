import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts

/// `GET /refresh-cache/{cacheType}`: the consumer-channel table is read again at once (upstream.md 2.14, 37). Upstream asks
/// for no authorisation; here consumers may, and users who administer an organisation.
enum RefreshRoutes {
    private static let id = "org.ekstep.analytics.telemetry.exhaust"
    private static let table = "ConsumerChannel"

    static func make(_ consumers: CachedConsumers, rules: AccessRules, clock: any ServiceClock) -> [Route] {
        [
            Route(.get, "/refresh-cache/{cacheType}", operation: "refreshCache", failure: .envelope(id: id)) {
                request in
                let caller = try request.knownCaller()
                let isUser = caller.credential == .token || caller.credential == .session
                guard !isUser || !rules.organisationRoles.isDisjoint(with: caller.roles) else {
                    throw ExhaustError.refusing(caller)
                }
                let name = try request.parameter("cacheType")
                guard name == table else {
                    throw ExhaustError(
                        .notFound, "\(name.prefix(100)): there is no such cache", remedy: "There is \(table).")
                }
                try await consumers.refresh()
                return Envelope.success(
                    .members(("msg", .string("\(name) cache refreshed successfully"))), id: id, at: clock.now())
            }
        ]
    }
}
