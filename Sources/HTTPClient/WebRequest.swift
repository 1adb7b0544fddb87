public import HTTPMessages

/// One request to a web service.
public struct WebRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The whole address, `http` or `https`, escaped.
    public var url: String
    /// Header fields beside those that every request has.
    public var fields: HTTPFields
    /// What is sent.
    public var body: WebBody
    /// How long it may take.
    public var patience: Patience
    /// Bytes that the answer's body may have.
    public var answerLimit: Int
    /// Whether sending it twice does no harm: true for methods that promise it (RFC 9110, 9.2.2), and to be set for a
    /// POST that only asks.
    public var isRepeatable: Bool

    /// The limit of answers that are read into memory, unless a request names its own.
    public static let usualAnswerLimit = 16 << 20

    /// A request; a body of 16 MiB at most is taken as answer unless said otherwise.
    public init(
        _ method: HTTPMethod, _ url: String, fields: HTTPFields = [:], body: WebBody = .none,
        patience: Patience = Patience(), answerLimit: Int = Self.usualAnswerLimit, isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.patience = patience
        self.answerLimit = answerLimit
        self.isRepeatable = isRepeatable ?? [.get, .head, .put, .delete].contains(method)
    }
}

/// What a request sends.
public enum WebBody: Sendable {
    /// Nothing.
    case none
    /// These bytes.
    case bytes([UInt8])

    /// Bytes in it.
    public var length: Int64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        }
    }
}

/// How long a request may take, in seconds.
public struct Patience: Sendable, Hashable {
    /// To connect, the exchange of certificates included.
    public var connect: Double
    /// Without a byte in either direction.
    public var idle: Double
    /// From start to end; nil for transfers that may take as long as they move on.
    public var whole: Double?

    /// 5 s to connect, 30 s without a byte, 60 s in all, unless said otherwise.
    public init(connect: Double = 5, idle: Double = 30, whole: Double? = 60) {
        self.connect = connect
        self.idle = idle
        self.whole = whole
    }
}
