/// Reads one JSON or JSON5 document: the structure. Blanks, texts and numbers are in the files beside.
///
/// It recurses once a level, which `Limits.nesting` bounds.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let form: JSONValue.Form
    let limits: JSONValue.Limits
    let name: String
    /// The byte that is read next.
    var at = 0
    private var depth = 0

    init(bytes: UnsafeRawBufferPointer, form: JSONValue.Form, limits: JSONValue.Limits, name: String) {
        self.bytes = bytes
        self.form = form
        self.limits = limits
        self.name = name
    }

    var isJSON5: Bool { form == .json5 }
    var isAtEnd: Bool { at >= bytes.count }
    /// The next byte; nil at the end.
    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func document() throws -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw ExhaustError(
                .limitExceeded, "\(name): \(bytes.count) bytes are more than the limit of \(limits.bytes)")
        }
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        try skipBlanks()
        let value = try value()
        try skipBlanks()
        guard isAtEnd else { throw unexpected("the end of the text") }
        return value
    }

    private mutating func value() throws -> JSONValue {
        guard let byte = next else { throw unexpected("a value") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { try $0.object() }
        case UInt8(ascii: "["): return try nested { try $0.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "'") where isJSON5: return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "I"), UInt8(ascii: "N"):
            if isJSON5 { return .number(try number()) }
        default: break
        }
        throw unexpected("a value")
    }

    private mutating func nested(_ read: (inout Self) throws -> JSONValue) throws -> JSONValue {
        depth += 1
        guard depth <= limits.nesting else {
            throw ExhaustError(
                .limitExceeded, "\(name): \(place(of: at)): nested deeper than the limit of \(limits.nesting) levels")
        }
        at += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let end = at + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { wanted in
            end <= bytes.count && wanted.indices.allSatisfy { bytes[at + $0] == wanted[$0] }
        }
        guard matches else { throw unexpected("a value") }
        at = end
        guard next.map(Self.continuesWord) != true else { throw unexpected("the end of `\(word)`") }
        return value
    }

    private mutating func array() throws -> JSONValue {
        var elements: [JSONValue] = []
        try skipBlanks()
        while next != UInt8(ascii: "]") {
            elements.append(try value())
            guard try separator(before: UInt8(ascii: "]"), "`,` or `]`") else { break }
        }
        at += 1
        return .array(elements)
    }

    private mutating func object() throws -> JSONValue {
        var members = MemberList()
        try skipBlanks()
        while next != UInt8(ascii: "}") {
            let name = try memberName()
            try skipBlanks()
            guard next == UInt8(ascii: ":") else { throw unexpected("`:`") }
            at += 1
            try skipBlanks()
            let isNew = members.set(name, try value())
            guard isNew || !limits.uniqueNames else { throw failure("two members of one name") }
            guard try separator(before: UInt8(ascii: "}"), "`,` or `}`") else { break }
        }
        at += 1
        return .object(members.members)
    }

    private mutating func memberName() throws -> String {
        switch next {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "'") where isJSON5: return try string()
        default:
            guard isJSON5, let name = try identifier() else { throw unexpected("a member name") }
            return name
        }
    }

    /// Reads what follows an element: true if another must follow, false if `closing` is next.
    private mutating func separator(before closing: UInt8, _ expected: String) throws -> Bool {
        try skipBlanks()
        if next == closing { return false }
        guard next == UInt8(ascii: ",") else { throw unexpected(expected) }
        at += 1
        try skipBlanks()
        guard next == closing else { return true }
        guard isJSON5 else { throw unexpected("another element after `,`") }
        return false
    }
}

/// The members of an object while it is read.
private struct MemberList {
    /// Equal only if the bytes are; `String` would take texts of different bytes that look alike for equal.
    private struct Name: Hashable {
        let text: String
        static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
        func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
    }

    /// Up to so many members are compared one by one, without an index.
    private static let unindexed = 8

    private(set) var members: [JSONValue.Member] = []
    private var places: [Name: Int] = [:]

    /// Answers whether there was no member of that name yet.
    mutating func set(_ name: String, _ value: JSONValue) -> Bool {
        if let place = place(of: name) {
            members[place].value = value
            return false
        }
        members.append(.init(name, value))
        if members.count == Self.unindexed + 1 {
            for (place, member) in members.enumerated() { places[Name(text: member.name)] = place }
        } else if members.count > Self.unindexed {
            places[Name(text: name)] = members.count - 1
        }
        return true
    }

    private func place(of name: String) -> Int? {
        guard members.count <= Self.unindexed else { return places[Name(text: name)] }
        return members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }
}
