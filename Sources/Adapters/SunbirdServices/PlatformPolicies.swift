public import HTTPClient
public import ReportModel
public import ReportPorts

/// What organisations demand, from the preference and organisation services (upstream.md 1.13, 1.14). A service that has no
/// address is left to `base`.
public struct PlatformPolicies: PolicySource {
    private let preferences: PlatformCall?
    private let organisations: PlatformCall?
    private let base: any PolicySource
    private let keys: PublicKeyReader

    /// Policies by the services of `options`. Throws `invalidInput` for an address that cannot be asked.
    public init(_ base: any PolicySource, options: ServiceOptions, client: any WebClient) throws {
        self.base = base
        preferences = try options.preferences.map {
            try PlatformCall("tenant preferences", $0, client, options.patience)
        }
        organisations = try options.organisations.map {
            try PlatformCall("organisation search", $0, client, options.patience)
        }
        keys = PublicKeyReader(keyHosts: options.keyHosts, client: client, patience: options.patience)
    }

    /// As `PolicySource.level`.
    public func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        guard let preferences else { return try await base.level(of: organisation, report: report) }
        guard let data = try await preference("dataSecurityPolicy", of: organisation, preferences) else { return nil }
        return try SecurityLevel(policy: data, of: organisation, report: report)
    }

    /// As `PolicySource.publicKey`. Throws `refused` for a key at an address that may not be asked, `unavailable` if it cannot
    /// be fetched, `dataDamaged` if what is there is no key.
    public func publicKey(of organisation: String) async throws -> [UInt8]? {
        guard let organisations else { return try await base.publicKey(of: organisation) }
        let body = JSONValue.members(("request", .members(("filters", .members(("id", .string(organisation)))))))
        let result = try organisations.result(try await organisations.ask(body))
        // The service may find more than was asked for; a key of another organisation would lock everybody out.
        let found = result["response"]?["content"]?.elements?.first { $0["id"]?.text == organisation }
        guard let place = found?["keys"]?["exhaustEncryptionKey"]?.elements?.first?.text, !place.isEmpty else {
            return nil
        }
        return try await keys.key(at: place, of: organisation)
    }

    /// The data of a preference; nil if neither the organisation nor the default has it, which the service tells by 400.
    private func preference(_ key: String, of organisation: String, _ call: PlatformCall) async throws -> JSONValue? {
        let request = JSONValue.members(("orgId", .string(organisation)), ("key", .string(key)))
        let answer = try await call.ask(.members(("request", request)))
        // Only an answer of the service itself: a proxy's 400 must not pass for a missing policy.
        if answer.status == 400, try call.document(answer)["responseCode"] != nil { return nil }
        guard let data = try call.result(answer)["response"]?["data"] else { throw call.unreadable(nil) }
        guard let text = data.text else { return data }
        do { return try JSONValue(parsing: text, name: "data of \(key)") } catch { throw call.unreadable(error) }
    }
}
