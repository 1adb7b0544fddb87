/// The named values of a query or of a form body (`application/x-www-form-urlencoded`), in their order.
public struct QueryItems: Sendable, Hashable {
    /// Name and value, decoded.
    public private(set) var all: [Item] = []

    /// One named value.
    public struct Item: Sendable, Hashable {
        /// The name, decoded.
        public let name: String
        /// The value, decoded; empty where there is no `=`.
        public let value: String
    }

    /// No values.
    public init() {}

    /// Reads `text`, without its `?`. A broken escape is taken as text, as upstream does (upstream.md 2.14, 27).
    public init(parsing text: some StringProtocol) {
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            append(Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    /// The first value of that name.
    public subscript(_ name: String) -> String? { all.first { $0.name == name }?.value }

    /// Appends a named value.
    public mutating func append(_ name: String, _ value: String) { all.append(Item(name: name, value: value)) }

    /// The encoded text, without a `?`.
    public var encoded: String {
        all.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        PercentEncoding.decode(text, plusIsSpace: true) ?? String(text)
    }
}
