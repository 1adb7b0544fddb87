import ReportModel
@testable import SQLiteLearners
import Testing

@Suite struct CanonicalJSONTests {
    private func canonical(_ text: String) throws -> String {
        var canonical = CanonicalJSON()
        return try Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var out: [UInt8] = []
            try canonical.rewrite(&scanner, into: &out)
            scanner.skipBlanks()
            if !scanner.isAtEnd { throw JSONFault("something follows") }
            return String(decoding: out, as: UTF8.self)
        }
    }

    @Test(arguments: [
        (#" { "b" : 1 , "a" : [ ] } "#, #"{"a":[],"b":1}"#),
        (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#),
        (#"{"a":{"z":1,"y":{"d":1,"c":[{"b":0,"a":0}]}}}"#, #"{"a":{"y":{"c":[{"a":0,"b":0}],"d":1},"z":1}}"#),
        (#""\/ \u0041 \u00e9 \ud83d\ude00 \u001F \u0008 \t""#, #""/ A é 😀 \u001f \b \t""#),
        (#"{"a#":1,"a\"":2,"a":3,"a ":4}"#, #"{"a":3,"a ":4,"a\"":2,"a#":1}"#),
        (#"{"ab":1,"a":2,"a\u0001":3}"#, #"{"a":2,"a\u0001":3,"ab":1}"#),
        (#"{"～":1,"😀":2}"#, #"{"～":1,"😀":2}"#), (#"{"😀":2,"～":1}"#, #"{"～":1,"😀":2}"#),
        ("[1.0, -0, 1e5, 1E+2, 0.10]", "[1.0,-0,1e5,1E+2,0.10]"), (" null ", "null"), ("[true,false]", "[true,false]"),
    ])
    func `cells are compact, sorted by UTF-8, and escaped no more than needed`(text: String, expected: String) throws {
        #expect(try canonical(text) == expected)
    }

    @Test func `any JSON value comes out as its sorted text`() throws {
        var generator = ValueGenerator(state: 42)
        for _ in 0..<3_000 {
            let value = generator.value(depth: 0)
            // The spelling is loose: blanks, and members as they come.
            let loose = value.prettyText.replacing("\n", with: "\n\t ")
            #expect(try canonical(loose) == value.sortedText)
        }
    }

    @Test func `what is cut or changed is JSON for us exactly where it is for the careful parser`() throws {
        var generator = ValueGenerator(state: 7)
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = Array(generator.value(depth: 0).prettyText.utf8)
            if generator.below(2) == 0 { bytes.removeLast(generator.below(bytes.count)) }
            for _ in 0..<generator.below(3) where !bytes.isEmpty {
                bytes[generator.below(bytes.count)] = UInt8(generator.below(128))
            }
            // Lines are checked for UTF-8 before they come here.
            let text = String(decoding: bytes, as: UTF8.self)
            let expected = attempt { try JSONValue(parsing: text).sortedText }
            #expect(attempt { try canonical(text) } == expected, "\(text)")
            if expected == nil { refused += 1 }
        }
        #expect(refused > 1_000 && refused < 4_500)
    }

    private func attempt(_ body: () throws -> String) -> String? {
        do { return try body() } catch { return nil }
    }

    @Test(arguments: [
        ("7", 7.0), ("7.0", 7), ("-0.5", -0.5), ("123456789012345", 123_456_789_012_345), ("0.1", 0.1), ("1e3", 1_000),
        ("12345678901234567890", 1.2345678901234567168e19), ("0.30000000000000004", 0.30000000000000004),
        ("3.14159265358979", 3.14159265358979), ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ])
    func `numbers are read to the last bit`(text: String, expected: Double) {
        #expect(Array(text.utf8).withUnsafeBytes { $0.decimalNumber } == expected)
    }

    @Test(arguments: ["", "-", ".", "x", "nan", "inf", "0x10", "1e999", "1 ", "--1", "1.2.3", "e5"])
    func `what is no number is not read as one`(text: String) {
        let number = Array(text.utf8).withUnsafeBytes { $0.decimalNumber }
        #expect(number == nil, "\(String(describing: number))")
    }

    @Test func `short numbers are those that the standard library reads`() {
        var generator = ValueGenerator(state: 3)
        for _ in 0..<20_000 {
            let digits = String(generator.below(1_000_000_000_000))
            let places = generator.below(digits.utf8.count)
            let text =
                (generator.below(2) == 0 ? "-" : "") + digits.dropLast(places) + (places > 0 ? "." : "")
                + digits.suffix(places)
            #expect(Array(text.utf8).withUnsafeBytes { $0.decimalNumber } == Double(text), "\(text)")
        }
    }
}

/// JSON values by chance, the same at every run.
struct ValueGenerator {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func text() -> String {
        let characters = Array("ab\"\\/\u{01}\u{1F}\n\t é～😀#!\u{7F}")
        return String((0..<below(12)).map { _ in characters[below(characters.count)] })
    }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 3 ? 5 : 7) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .number("\(below(1_000)).\(below(10))")
        case 3, 4: return .string(text())
        case 5: return .array((0..<below(4)).map { _ in value(depth: depth + 1) })
        default:
            var names: Set<String> = []
            let members = (0..<below(6)).map { _ in JSONValue.Member(text(), value(depth: depth + 1)) }
            return .object(members.filter { names.insert($0.name).inserted })
        }
    }
}
