public import HTTPClient

/// Where the services of a deployment are (upstream.md 1.12 to 1.14, 2.9, 8.1).
public struct ServiceOptions: Sendable {
    /// The whole address of the content search, such as `http://search-service:9000/v3/search`.
    public var search: String?
    /// The whole address that reads preferences, such as `…/private/v2/org/preferences/read`.
    public var preferences: String?
    /// The whole address of the organisation search, such as `…/private/v2/org/search`.
    public var organisations: String?
    /// What comes before a user's id in the address of the user service, such as `…/private/user/v1/read/`.
    public var users: String?
    /// Hosts from which keys may be fetched without TLS.
    public var keyHosts: Set<String>
    /// Hits that are asked for at a time.
    public var pageLength: Int
    /// Hits that one search may have in all; the service shows no more (Elasticsearch's window).
    public var hitLimit: Int
    /// How long one call may take.
    public var patience: Patience

    /// No services yet; 100 hits at a time and 10,000 in all, unless said otherwise.
    public init(
        search: String? = nil, preferences: String? = nil, organisations: String? = nil, users: String? = nil,
        keyHosts: Set<String> = [], pageLength: Int = 100, hitLimit: Int = 10_000, patience: Patience = Patience()
    ) {
        self.search = search
        self.preferences = preferences
        self.organisations = organisations
        self.users = users
        self.keyHosts = keyHosts
        self.pageLength = pageLength
        self.hitLimit = hitLimit
        self.patience = patience
    }
}
