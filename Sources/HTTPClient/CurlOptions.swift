/// How a `CurlClient` connects.
public struct CurlOptions: Sendable, Hashable {
    /// Requests that are under way at one time; each has a thread.
    public var concurrency: Int
    /// Requests that may wait for their turn; one more is refused with `limitExceeded`.
    public var waiting: Int
    /// A file of PEM certificates to trust instead of the system's.
    public var trustFile: String?
    /// The address of a proxy; nil for none, whatever the environment says.
    public var proxy: String?
    /// The field `User-Agent`.
    public var userAgent: String

    /// 8 requests at one time and 1,024 that wait, the system's certificates, no proxy, unless said otherwise.
    public init(
        concurrency: Int = 8, waiting: Int = 1_024, trustFile: String? = nil, proxy: String? = nil,
        userAgent: String = "exhaust"
    ) {
        self.concurrency = concurrency
        self.waiting = waiting
        self.trustFile = trustFile
        self.proxy = proxy
        self.userAgent = userAgent
    }
}
