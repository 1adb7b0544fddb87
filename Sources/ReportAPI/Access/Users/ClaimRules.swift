import ReportModel

/// Which claims of a token say who the user is. A name is first looked for as it is, then as a path of members with dots,
/// such as `realm_access.roles`.
public struct ClaimRules: Sendable, Hashable {
    /// `access.claims.user`: the user's id; of Keycloak's federated form `f:PROVIDER:ID` the ID counts.
    public var user = "sub"
    /// `access.claims.roles`: a list of names, a text with blanks or commas, or a list of objects with a member `role`.
    public var roles = "realm_access.roles"
    /// `access.claims.organisation`: the root organisation.
    public var organisation = "rootOrgId"
    /// `access.organisation`: the root organisation of users whose token names none; empty is none.
    public var usualOrganisation = ""

    /// All defaults.
    public init() {}

    /// The longest id that is taken, in bytes.
    private static let idLimit = 256
    /// Roles that are taken at the most.
    private static let roleLimit = 1_000

    /// The user's id; nil if the claims have none that could be one.
    func userID(_ claims: JSONValue) -> String? {
        guard let text = Self.value(user, claims)?.text else { return nil }
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        let id = parts.count == 3 && parts[0] == "f" ? String(parts[2]) : text
        return Self.isIdentifier(id) ? id : nil
    }

    /// The user's roles; none if the claims have none.
    func roleNames(_ claims: JSONValue) -> Set<String> {
        let value = Self.value(roles, claims)
        let names: [String]
        if let text = value?.text {
            names = text.split { $0 == " " || $0 == "," }.map(String.init)
        } else {
            names = (value?.elements ?? []).compactMap { $0.text ?? $0["role"]?.text }
        }
        return Set(names.prefix(Self.roleLimit))
    }

    /// The user's root organisation.
    func organisationID(_ claims: JSONValue) -> String? {
        if let id = Self.value(organisation, claims)?.text, Self.isIdentifier(id) { return id }
        return usualOrganisation.isEmpty ? nil : usualOrganisation
    }

    private static func value(_ name: String, _ claims: JSONValue) -> JSONValue? {
        if let value = claims[name] { return value }
        return name.split(separator: ".").reduce(Optional(claims)) { $0?[String($1)] }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        (1...idLimit).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
