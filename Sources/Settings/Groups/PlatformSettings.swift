/// The platform's services, and how others are asked; names are upstream's where it has them (upstream.md 8.1).
public struct PlatformSettings: Sendable {
    /// `services.search.url` and `services.search.path`.
    public var (searchHost, searchPath) = ("", "/v3/search")
    /// `services.preferences.url`.
    public var preferences = ""
    /// `services.organisations.url`.
    public var organisations = ""
    /// `services.users.url`.
    public var users = ""
    /// `services.keyHosts`.
    public var keyHosts: [String] = []
    /// `services.seconds`.
    public var seconds = 20.0
    /// `services.attempts`.
    public var attempts = 3
    /// `client.connections`.
    public var connections = 8
    /// `client.trustFile`.
    public var trustFile = ""
    /// `client.proxy`.
    public var proxy = ""

    /// The whole address of the content search; empty if there is none.
    public var search: String { searchHost.isEmpty ? "" : searchHost + searchPath }

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Platform services")
        try reader.text(
            &searchHost, "services.search.url", aliases: ["service.search.url"],
            "Content search, such as http://search-service:9000; empty reads contents from the learner store.")
        try reader.text(&searchPath, "services.search.path", aliases: ["service.search.path"], "Path of the search.")
        try reader.text(
            &preferences, "services.preferences.url", aliases: ["tenant.pref.read.private.api.url"],
            "Address that reads tenant preferences; empty reads them from the learner store.")
        try reader.text(
            &organisations, "services.organisations.url", aliases: ["org.search.private.api.url"],
            "Address of the organisation search, which names public keys; empty reads them from the learner store.")
        try reader.text(
            &users, "services.users.url", aliases: ["user.profile.url"],
            "What comes before a user's id in the address of the user service, for access.users = service.")
        try reader.list(&keyHosts, "services.keyHosts", "Hosts from which public keys are fetched without TLS.")
        try reader.seconds(&seconds, "services.seconds", 0.1...600, "How long a call may take.")
        try reader.whole(&attempts, "services.attempts", 1...20, "times", "How often a call is made in all.")
        reader.begin("Web client")
        try reader.whole(&connections, "client.connections", 1...256, "connections", "Requests at one time.")
        try reader.text(&trustFile, "client.trustFile", "PEM file of certificates to trust instead of the system's.")
        try reader.text(&proxy, "client.proxy", "Address of a proxy; empty for none, whatever the environment says.")
    }
}
