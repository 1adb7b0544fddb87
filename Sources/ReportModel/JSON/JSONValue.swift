/// A JSON value that keeps the order of members and the digits of numbers as they were written.
///
/// For small documents at the edges: settings, requests, receipts, course trees. Learner records never become one.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number by its digits as written, such as `1.0`.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members in the order in which they were written; of equal names the last value, at the first's place.
    case object([Member])

    /// One member of an object.
    public struct Member: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: JSONValue

        /// A member.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// An object of members in this order.
    public static func members(_ members: (String, JSONValue)...) -> JSONValue {
        .object(members.map { Member($0.0, $0.1) })
    }

    /// A whole number.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// The member of that name, if this is an object that has one.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is one.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements, if this is a list.
    public var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, if this is an object.
    public var objectMembers: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The number as a whole number, if it is one that fits.
    public var integer: Int64? {
        guard case .number(let digits) = self else { return nil }
        if let whole = Int64(digits) { return whole }
        guard let double = Double(digits) else { return nil }
        return Int64(exactly: double)
    }

    /// The number as a double, if this is a number.
    public var double: Double? {
        guard case .number(let digits) = self else { return nil }
        return Double(digits)
    }

    /// The truth value, if this is one.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}
