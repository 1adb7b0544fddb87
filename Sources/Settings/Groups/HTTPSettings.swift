/// The HTTP server: where it listens, and what its clients may do.
public struct HTTPSettings: Sendable {
    /// `http.listen`.
    public var listen = "127.0.0.1:8080"
    /// `http.address`: where browsers and programs reach the service.
    public var address = ""
    /// `http.tls.certificate`: path of a PEM file; empty without TLS.
    public var tlsCertificate = ""
    /// `http.tls.key`: path of a PEM file.
    public var tlsKey = ""
    /// `http.metricsToken`: what scrapers of `/metrics` send; empty lets in this machine alone.
    public var metricsToken = ""
    /// `http.proxies`.
    public var proxies = 0
    /// `http.threads`.
    public var threads = 2
    /// `http.connections`.
    public var connections = 16_384
    /// `http.connectionsPerAddress`.
    public var connectionsPerAddress = 12_288
    /// `http.backlog`.
    public var backlog = 4_096
    /// `http.headBytes`.
    public var headBytes = 32 << 10
    /// `http.targetBytes`.
    public var targetBytes = 8 << 10
    /// `http.fields`.
    public var fields = 100
    /// `http.bodyBytes`.
    public var bodyBytes = 16 << 20
    /// `http.bodyBufferBytes`.
    public var bodyBufferBytes = 64 << 10
    /// `http.drainBytes`.
    public var drainBytes = 1 << 20
    /// `http.idleSeconds`.
    public var idleSeconds = 30.0
    /// `http.headSeconds`.
    public var headSeconds = 10.0
    /// `http.bodySeconds`.
    public var bodySeconds = 300.0
    /// `http.slowSeconds`.
    public var slowSeconds = 10.0
    /// `http.minimumRate`.
    public var minimumRate = 1_000
    /// `http.stopSeconds`.
    public var stopSeconds = 10.0

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("HTTP")
        try reader.text(
            &listen, "http.listen", "IP address and port, such as 127.0.0.1:8080, [::1]:8080, or 0.0.0.0:8080 for all.")
        try reader.text(
            &address, "http.address",
            "Where browsers and other programs reach the service, such as https://reports.example.org; empty: where they "
                + "say that they did.")
        try reader.text(
            &tlsCertificate, "http.tls.certificate", "PEM file of the certificate with its chain; empty: no TLS.")
        try reader.text(&tlsKey, "http.tls.key", "PEM file of the certificate's private key.")
        try reader.text(
            &metricsToken, "http.metricsToken", isSecret: true,
            "What scrapers of /metrics send as `Authorization: Bearer`; empty: only this machine may ask.")
        try reader.whole(
            &proxies, "http.proxies", 0...10, "proxies",
            "Proxies of one's own in front, each of which appends to X-Forwarded-For; 0 ignores that field.")
        try reader.whole(&threads, "http.threads", 1...64, "threads", "Threads that read and write sockets.")
        try readTimes(&reader)
        try readLimits(&reader)
    }

    private mutating func readTimes(_ reader: inout SettingsReader) throws {
        try reader.seconds(
            &idleSeconds, "http.idleSeconds", 1...3_600, "A connection with nothing on it is closed after it.")
        try reader.seconds(
            &headSeconds, "http.headSeconds", 1...600, "A new connection has to send the head of a request within it.")
        try reader.seconds(
            &bodySeconds, "http.bodySeconds", 1...86_400, "Longest that a client may take to send a body.")
        try reader.seconds(
            &slowSeconds, "http.slowSeconds", 1...3_600, "How long a client may be slower than http.minimumRate.")
        try reader.whole(
            &minimumRate, "http.minimumRate", 0...1_000_000_000, "bytes a second",
            "What a client has to send or take while it is waited for.")
        try reader.seconds(
            &stopSeconds, "http.stopSeconds", 0...3_600,
            "How long answers that are under way may take when the server stops.")
    }

    private mutating func readLimits(_ reader: inout SettingsReader) throws {
        try reader.whole(
            &connections, "http.connections", 1...1_000_000, "connections",
            "Open connections; further ones wait. No more than open files allow.")
        try reader.whole(
            &connectionsPerAddress, "http.connectionsPerAddress", 1...1_000_000, "connections",
            "Open connections from one address; further ones are closed.")
        try reader.whole(
            &backlog, "http.backlog", 1...65_535, "connections", "Connections that the system keeps waiting.")
        try reader.size(
            &headBytes, "http.headBytes", 4_096...(1 << 20), "Memory of a connection: request line and header fields.")
        try reader.size(&targetBytes, "http.targetBytes", 256...(1 << 20), "Path and query of a request.")
        try reader.whole(&fields, "http.fields", 10...10_000, "fields", "Header fields of a request.")
        try reader.size(
            &bodyBytes, "http.bodyBytes", 1_024...(1 << 30), "Body of any request; operations have lower limits.")
        try reader.size(
            &bodyBufferBytes, "http.bodyBufferBytes", 4_096...(1 << 24),
            "Bytes of a body held until they are asked for.")
        try reader.size(
            &drainBytes, "http.drainBytes", 0...(1 << 30),
            "Bytes of an unwanted body read so that its connection goes on.")
    }
}
