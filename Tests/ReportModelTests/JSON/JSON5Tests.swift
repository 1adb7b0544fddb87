import ReportModel
import Testing

@Suite struct JSON5Tests {
    @Test func `a settings file as people write it is read`() throws {
        let text = #"""
            // one line
            {
              /* several
                 lines * / */
              csv: { dialect: 'rfc4180', "line.end": "lf", },
              $id_1: [1, 2,],
              größe: 'it\'s "so"', // and a comma at the end
            }
            """#
        #expect(
            try JSONValue(parsing: text, form: .json5).compactText
                == #"{"csv":{"dialect":"rfc4180","line.end":"lf"},"$id_1":[1,2],"größe":"it's \"so\""}"#)
    }

    @Test(arguments: [
        ("+5", "5"), ("-5", "-5"), (".5", "0.5"), ("-.5e3", "-0.5e3"), ("5.", "5"), ("5.e2", "5e2"), ("0x1F", "31"),
        ("-0XfF", "-255"), ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"), ("1.50", "1.50"), ("0", "0"),
        ("+0.0", "0.0"),
    ])
    func `numbers come out in the form of JSON`(written: String, read: String) throws {
        #expect(try JSONValue(parsing: written, form: .json5) == .number(read))
        #expect(try JSONValue(parsing: read).compactText == read)
    }

    @Test func `escapes of JSON5 are read`() throws {
        let text = "'\\v\\0\\x41\\'\\q\\\u{E9}a\\\nb\\\r\nc\\\u{2028}d\"\u{2028}'"
        #expect(try JSONValue(parsing: text, form: .json5).text == "\u{B}\0A'qéabcd\"\u{2028}")
        #expect(try JSONValue(parsing: #"{\u0061b: 1}"#, form: .json5).compactText == #"{"ab":1}"#)
    }

    @Test func `every blank of JSON5 is skipped`() throws {
        let text = "\u{B}\u{C}\u{A0}\u{FEFF}\u{2028}\u{2029}\u{3000}[\u{2003}1//x\u{2028},//y\r2]//z"
        #expect(try JSONValue(parsing: text, form: .json5).compactText == "[1,2]")
    }

    @Test(arguments: [
        ("Infinity", "finite"), ("-Infinity", "finite"), ("+NaN", "finite"), ("/* x", "the end `*/`"),
        ("/1", "comment"),
        ("[,]", "a value"), ("{,}", "a member name"), ("{1a: 1}", "a member name"), ("0x", "hexadecimal digit"),
        ("0x10000000000000000", "64 bits"), ("0x1G", "the end of the number"), ("010", "needless 0"),
        (".", "a digit after the point"), ("+", "a digit"), (#"'\1'"#, "no digit"), (#"'\01'"#, "no digit"),
        (#"'\x4'"#, "2 hexadecimal digits"), ("'a\nb'", "control"), ("{\\x41: 1}", "`\\u`"), ("é", "a value"),
    ])
    func `what JSON5 does not allow is refused`(text: String, expected: String) throws {
        let error = try #require(throws: ExhaustError.self) { try JSONValue(parsing: text, form: .json5) }
        #expect(error.code == .invalidInput)
        #expect(error.message.contains(expected), "\(error.message)")
    }
}
