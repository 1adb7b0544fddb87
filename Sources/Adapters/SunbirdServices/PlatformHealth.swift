public import HTTPClient
import ReportModel
public import ReportPorts

/// Whether the services answer: each is asked for something that it does not have.
public struct PlatformHealth: HealthReporting {
    private let options: ServiceOptions
    private let client: any WebClient
    private let clock: any ServiceClock

    /// The services of `options`; `client` should not repeat, so that the answer comes soon.
    public init(_ options: ServiceOptions, client: any WebClient, clock: any ServiceClock) {
        self.options = options
        self.client = client
        self.clock = clock
    }

    /// As `HealthReporting.subject`.
    public var subject: String { "services" }

    /// As `HealthReporting.health`. Of the user service, which answers only with somebody's token, whether it is there.
    public func health() async -> [ComponentHealth] {
        var found: [ComponentHealth] = []
        if let search = options.search {
            found.append(
                await measured("content-search", search) {
                    _ = try await ContentSearchService(search, options: options, client: client).collections(ids: ["-"])
                })
        }
        if let preferences = options.preferences {
            found.append(
                await measured("tenant-preferences", preferences) {
                    _ = try await policies().level(of: "default", report: "")
                })
        }
        if let organisations = options.organisations {
            found.append(
                await measured("organisation-search", organisations) { _ = try await policies().publicKey(of: "-") })
        }
        if let users = options.users {
            found.append(
                await measured("user-service", users) {
                    try await UserService(users, options: options, client: client).check()
                })
        }
        return found
    }

    private func policies() throws -> PlatformPolicies {
        try PlatformPolicies(NoPolicies(), options: options, client: client)
    }

    private func measured(_ name: String, _ address: String, _ body: () async throws -> Void) async -> ComponentHealth {
        var place = "an address that cannot be asked"
        do { place = try WebAddress(parsing: address).origin } catch {}
        return await ComponentHealth.measured(name, place, clock, body)
    }
}

private struct NoPolicies: PolicySource {
    func level(of organisation: String, report: String) async throws -> SecurityLevel? { nil }
    func publicKey(of organisation: String) async throws -> [UInt8]? { nil }
}
