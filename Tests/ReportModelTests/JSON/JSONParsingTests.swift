import ReportModel
import Testing

@Suite struct JSONParsingTests {
    @Test func `order of members and digits of numbers stay`() throws {
        let text = #"{"zeta":1.0,"alpha":-0,"mid":1E-7,"beta":[12345678901234567890123,null],"omega":{}}"#
        #expect(try JSONValue(parsing: text).compactText == text)
    }

    @Test func `of equal names the last value stands at the first's place`() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"b":2,"a":{"c":3}}"#).compactText == #"{"a":{"c":3},"b":2}"#)
        let many = (0..<40).map { #""k\#($0 % 20)":\#($0)"# }.joined(separator: ",")
        let wanted = (0..<20).map { #""k\#($0)":\#($0 + 20)"# }.joined(separator: ",")
        #expect(try JSONValue(parsing: "{\(many)}").compactText == "{\(wanted)}")
    }

    @Test func `names are equal only if their bytes are`() throws {
        let text = "{\"\u{E9}\":1,\"e\u{301}\":2}"
        #expect(try JSONValue(parsing: text).objectMembers?.count == 2)
    }

    @Test func `escapes and pairs of surrogates become characters`() throws {
        let value = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é😀""#)
        #expect(value.text == "\"\\/\u{8}\u{C}\n\r\té😀é😀")
        #expect(value.compactText == #""\"\\/\b\f\n\r\té😀é😀""#)
    }

    @Test func `a byte order mark and blanks around are skipped`() throws {
        #expect(try JSONValue(parsing: "\u{FEFF} \t\r\n[1 , 2]\n").compactText == "[1,2]")
    }

    @Test(arguments: [
        ("", 1, 1, "a value"), ("  ", 1, 3, "a value"), ("{", 1, 2, "a member name"), ("[1,]", 1, 4, "another element"),
        ("[1 2]", 1, 4, "`,` or `]`"), ("{\"a\" 1}", 1, 6, "`:`"), ("{\"a\":1,}", 1, 8, "another element"),
        ("{a:1}", 1, 2, "a member name"), ("{'a':1}", 1, 2, "a member name"), ("nul", 1, 1, "a value"),
        ("nulls", 1, 5, "the end of `null`"), ("[1]x", 1, 4, "the end of the text"), ("{} {}", 1, 4, "the end"),
        ("01", 1, 1, "needless 0"), ("-", 1, 2, "a digit"), ("1.", 1, 3, "a digit after the point"),
        (".5", 1, 1, "a value"), ("+1", 1, 1, "a value"), ("1e", 1, 3, "a digit in the exponent"),
        ("0x10", 1, 2, "the end of the number"), ("1.5.2", 1, 4, "the end of the number"), ("NaN", 1, 1, "a value"),
        ("-Infinity", 1, 2, "a digit"), ("// note\n1", 1, 1, "a value"), ("\"a", 1, 3, "line 1, column 1"),
        ("[\n  \"é\u{1}\"]", 2, 5, "raw control"), (#""\x41""#, 1, 3, "one of the escapes"),
        (#""\u12g4""#, 1, 6, "4 hexadecimal digits"), (#""\ud83d""#, 1, 2, "lone surrogate"),
        (#""\udE00\ud83d""#, 1, 2, "lone surrogate"), (#""\ud83dA""#, 1, 2, "lone surrogate"),
        (#""\ud83d\u0041""#, 1, 2, "lone surrogate"), ("\u{A0}1", 1, 1, "a value"), ("\"a\nb\"", 1, 3, "raw control"),
    ])
    func `a fault is told with its place and what was expected`(
        text: String, line: Int, column: Int, expected: String
    ) throws {
        let error = try #require(throws: ExhaustError.self) {
            try JSONValue(parsing: text, name: "the body")
        }
        #expect(error.code == .invalidInput)
        #expect(error.message.hasPrefix("the body: line \(line), column \(column): "), "\(error.message)")
        #expect(error.message.contains(expected), "\(error.message)")
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) throws {
        for text in [[0x22] + bytes + [0x22], [0x22] + bytes] {
            let error = try #require(throws: ExhaustError.self) { try JSONValue(parsing: text) }
            #expect(error.message == "JSON: line 1, column 2: the text is not UTF-8")
        }
    }

    @Test func `64 levels are read and one more is refused, at once`() throws {
        let deep = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(try JSONValue(parsing: deep(64)).compactText == deep(64))
        for text in [deep(65), String(repeating: "{\"a\":", count: 100_000)] {
            let error = try #require(throws: ExhaustError.self) { try JSONValue(parsing: text) }
            #expect(error.code == .limitExceeded)
            #expect(error.message.contains("64 levels"))
        }
        // Levels one after the other do not add up.
        #expect(try JSONValue(parsing: "[" + deep(60) + "," + deep(60) + "]").elements?.count == 2)
    }

    @Test func `a text over the size limit is refused`() throws {
        let error = try #require(throws: ExhaustError.self) {
            try JSONValue(parsing: "[1,2,3]", limits: .init(bytes: 6))
        }
        #expect(error == ExhaustError(.limitExceeded, "JSON: 7 bytes are more than the limit of 6"))
    }
}
