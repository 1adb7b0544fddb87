extension JSONValue {
    /// One line without blanks; members in their order, numbers by their digits, only what must be escaped escaped.
    public var compactText: String { write(JSONWriter()) }

    /// As `compactText` with two spaces a level, for people.
    public var prettyText: String { write(JSONWriter(indented: true)) }

    /// As `compactText` with the members of every object sorted by the UTF-8 bytes of their names.
    public var sortedText: String {
        write(JSONWriter(order: { $0.utf8.lexicographicallyPrecedes($1.utf8) }))
    }

    /// Without the members that are null, at every depth; null in a list stays.
    public func droppingNullMembers() -> JSONValue {
        switch self {
        case .object(let members):
            .object(
                members.compactMap { member in
                    member.value.isNull ? nil : Member(member.name, member.value.droppingNullMembers())
                })
        case .array(let elements): .array(elements.map { $0.droppingNullMembers() })
        default: self
        }
    }

    private func write(_ writer: JSONWriter) -> String {
        var writer = writer
        writer.write(self, level: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes values as bytes of JSON.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Which of two names comes first; nil keeps the order.
    let order: ((String, String) -> Bool)?
    let isIndented: Bool
    /// Text of a number by its digits.
    private let number: (String) -> String

    init(
        order: ((String, String) -> Bool)? = nil, indented: Bool = false,
        number: @escaping (String) -> String = { $0 }
    ) {
        self.order = order
        self.isIndented = indented
        self.number = number
    }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: append("null")
        case .bool(let isTrue): append(isTrue ? "true" : "false")
        case .number(let digits): append(number(digits))
        case .string(let text): write(text)
        case .array(let elements):
            list("[", elements, "]", level: level) { $0.write($1, level: level + 1) }
        case .object(let members):
            let ordered = order.map { order in members.sorted { order($0.name, $1.name) } } ?? members
            list("{", ordered, "}", level: level) { writer, member in
                writer.write(member.name)
                writer.append(writer.isIndented ? ": " : ":")
                writer.write(member.value, level: level + 1)
            }
        }
    }

    private mutating func list<Element>(
        _ opening: String, _ elements: [Element], _ closing: String, level: Int,
        _ write: (inout Self, Element) -> Void
    ) {
        append(opening)
        for (place, element) in elements.enumerated() {
            if place > 0 { append(",") }
            breakLine(level: level + 1)
            write(&self, element)
        }
        if !elements.isEmpty { breakLine(level: level) }
        append(closing)
    }

    private mutating func breakLine(level: Int) {
        guard isIndented else { return }
        append("\n")
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
    }

    private mutating func write(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case ..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
