/// A parameter of a statement. The statement casts each to its type (`$1::text`).
public enum PostgresValue: Sendable, Hashable {
    case null
    case text(String)
    case integer(Int64)
    case bool(Bool)
    /// For `bytea`.
    case bytes([UInt8])
    /// For `text[]`.
    case texts([String])
    /// For `bigint[]`.
    case integers([Int64])

    /// A text, or NULL.
    public init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    /// A number, or NULL.
    public init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
    /// Bytes, or NULL.
    public init(_ bytes: [UInt8]?) { self = bytes.map { .bytes($0) } ?? .null }

    /// As PostgreSQL reads it as text; nil is NULL.
    var literal: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .bool(let value): value ? "true" : "false"
        case .bytes(let bytes): "\\x" + Self.hex(bytes)
        case .texts(let texts): ArrayText.text(of: texts)
        case .integers(let numbers): "{\(numbers.map(String.init).joined(separator: ","))}"
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// One statement with its parameters.
public struct PostgresStatement: Sendable, Hashable {
    /// The SQL; equal texts are prepared once a connection.
    public var sql: String
    /// `$1` and on.
    public var values: [PostgresValue]

    /// A statement.
    public init(_ sql: String, _ values: [PostgresValue] = []) {
        self.sql = sql
        self.values = values
    }
}

/// PostgreSQL's text form of a one-dimensional array of text: `{a,"b c",NULL}`.
public enum ArrayText {
    /// `{"a","b"}`: every element in quotes.
    public static func text(of elements: [String]) -> String {
        let quoted = elements.map { element in
            var text = "\""
            for character in element.unicodeScalars {
                if character == "\"" || character == "\\" { text += "\\" }
                text.unicodeScalars.append(character)
            }
            return text + "\""
        }
        return "{\(quoted.joined(separator: ","))}"
    }

    /// The elements that are not NULL; what is no such array counts as empty.
    public static func elements(of text: String) -> [String] {
        guard text.hasPrefix("{"), text.hasSuffix("}"), text.utf8.count >= 2 else { return [] }
        var elements: [String] = []
        var element = String.UnicodeScalarView()
        var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
        func end() {
            let text = String(element)
            if wasQuoted || !text.isEmpty && text.uppercased() != "NULL" { elements.append(text) }
            element = .init()
            wasQuoted = false
        }
        for character in text.unicodeScalars.dropFirst().dropLast() {
            switch character {
            case _ where isEscaped:
                element.append(character)
                isEscaped = false
            case "\\": isEscaped = true
            case "\"":
                isQuoted.toggle()
                wasQuoted = true
            case "," where !isQuoted: end()
            default: element.append(character)
            }
        }
        end()
        return elements
    }
}
