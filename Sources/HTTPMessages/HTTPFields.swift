/// Header fields in their order. Names are compared without case (RFC 9110, 5.1).
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// The fields as they were received or are to be sent.
    public private(set) var all: [Field] = []

    /// One field line.
    public struct Field: Sendable, Hashable {
        /// The name, with its case kept.
        public let name: String
        /// The value, without surrounding blanks.
        public let value: String

        /// One field line.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// No fields.
    public init() {}

    /// These fields, in this order.
    public init(dictionaryLiteral fields: (String, String)...) {
        all = fields.map { Field(name: $0.0, value: $0.1) }
    }

    /// Appends a field beside any others of that name.
    public mutating func append(_ name: String, _ value: String) {
        all.append(Field(name: name, value: value))
    }

    /// The first value of that name; setting replaces all of them, nil removes them.
    public subscript(_ name: String) -> String? {
        get { all.first { Self.isSame($0.name, name) }?.value }
        set {
            all.removeAll { Self.isSame($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// All values of that name, in order.
    public func values(_ name: String) -> [String] {
        all.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
