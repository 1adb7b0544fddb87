import ReportModel

/// The little of XML in which S3 answers: elements with text, no attributes worth reading. Documents with a type
/// declaration are refused, so that no entity can be defined.
struct XMLElement {
    /// Elements inside each other.
    static let nestingLimit = 16

    let name: String
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    private init(name: String) { self.name = name }

    /// The root element. Throws `dataDamaged` for anything that is not XML.
    init(parsing bytes: [UInt8]) throws {
        var parser = Parser(rest: bytes[...])
        self = try parser.document()
    }

    /// The text of the first child of that name.
    func first(_ name: String) -> String? { children.first { $0.name == name }?.text }

    /// All children of that name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func document() throws -> XMLElement {
            if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
            while true {
                skipBlanks()
                guard skip("<?") || skip("<!--") else { break }
                try skipPast(rest.starts(with: Array("xml".utf8)) ? "?>" : ">")
            }
            guard skip("<") else { throw Self.damaged("no element") }
            return try element(depth: 1)
        }

        /// The rest of an element whose `<` has been read.
        private mutating func element(depth: Int) throws -> XMLElement {
            guard depth <= XMLElement.nestingLimit else { throw Self.damaged("elements too deep") }
            let tag = try take(until: UInt8(ascii: ">"))
            let isEmpty = tag.hasSuffix("/")
            var element = XMLElement(name: String(tag.prefix { !$0.isWhitespace && $0 != "/" }))
            guard let first = element.name.utf8.first, first != UInt8(ascii: "!") else { throw Self.damaged("no name") }
            if isEmpty { return element }
            while true {
                element.text += try Self.unescaped(take(until: UInt8(ascii: "<")))
                if skip("/") {
                    let end = try take(until: UInt8(ascii: ">"))
                    guard end.prefix(while: { !$0.isWhitespace }) == element.name else {
                        throw Self.damaged("elements that cross")
                    }
                    return element
                } else if skip("!--") {
                    try skipPast("-->")
                } else {
                    element.children.append(try self.element(depth: depth + 1))
                }
            }
        }

        private mutating func take(until end: UInt8) throws -> String {
            guard let place = rest.firstIndex(of: end) else { throw Self.damaged("it ends too early") }
            let text = String(decoding: rest[..<place], as: UTF8.self)
            rest = rest[(place + 1)...]
            return text
        }

        private mutating func skip(_ text: String) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }

        private mutating func skipPast(_ text: String) throws {
            guard let place = rest.firstRange(of: Array(text.utf8)) else { throw Self.damaged("it ends too early") }
            rest = rest[place.upperBound...]
        }

        private mutating func skipBlanks() {
            rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        }

        private static func unescaped(_ text: String) throws -> String {
            guard text.contains("&") else { return text }
            var pieces = text.split(separator: "&", omittingEmptySubsequences: false)
            var result = String(pieces.removeFirst())
            for piece in pieces {
                guard let end = piece.firstIndex(of: ";"), let scalar = scalar(piece[..<end]) else {
                    throw damaged("an unknown entity")
                }
                result.unicodeScalars.append(scalar)
                result += piece[piece.index(after: end)...]
            }
            return result
        }

        private static func scalar(_ entity: Substring) -> Unicode.Scalar? {
            switch entity {
            case "amp": return "&"
            case "lt": return "<"
            case "gt": return ">"
            case "quot": return "\""
            case "apos": return "'"
            default:
                if entity.hasPrefix("#x") { return UInt32(entity.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init) }
                if entity.hasPrefix("#") { return UInt32(entity.dropFirst()).flatMap(Unicode.Scalar.init) }
                return nil
            }
        }

        private static func damaged(_ why: String) -> ExhaustError {
            ExhaustError(.dataDamaged, "the store's answer: it is not XML as it should be (\(why))", mender: .operator)
        }
    }
}
