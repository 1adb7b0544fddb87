import ReportModel
import Testing

@Suite struct JSONWritingTests {
    @Test func `only what must be escaped is`() {
        let text = String(String.UnicodeScalarView((0...0x7F).compactMap(Unicode.Scalar.init))) + "é\u{2028}😀"
        let escapes =
            #"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
            + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"#
        let plain =
            ##" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##
        #expect(JSONValue.string(text).compactText == "\"\(escapes)\(plain)\u{7F}é\u{2028}😀\"")
    }

    @Test func `people get two spaces a level and empty lists stay short`() throws {
        let value = try JSONValue(parsing: #"{"a":[1,{"b":null}],"c":{},"d":[]}"#)
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test func `sorting goes by UTF-8 and canonical order by UTF-16`() throws {
        let value = try JSONValue(parsing: "{\"\u{1F600}\":1.0,\"\u{FB33}\":{\"b\":2,\"a\":1},\"A\":3,\"a\":4}")
        #expect(value.sortedText == "{\"A\":3,\"a\":4,\"\u{FB33}\":{\"a\":1,\"b\":2},\"\u{1F600}\":1.0}")
        #expect(try value.canonicalText == "{\"A\":3,\"a\":4,\"\u{1F600}\":1,\"\u{FB33}\":{\"a\":1,\"b\":2}}")
    }

    @Test func `members that are null go at every depth and null in lists stays`() throws {
        let value = try JSONValue(parsing: #"{"a":null,"b":[null,{"c":null,"d":1}],"e":{"f":null}}"#)
        #expect(value.droppingNullMembers().compactText == #"{"b":[null,{"d":1}],"e":{}}"#)
    }

    @Test func `the sample of RFC 8785 comes out`() throws {
        let text = #"""
            {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
             "literals": [null, true, false]}
            """#
        let wanted =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try JSONValue(parsing: text).canonicalText == wanted)
    }

    @Test func `names sort as in RFC 8785`() throws {
        let names = ["\u{20AC}", "\r", "\u{FB33}", "1", "\u{1F600}", "\u{80}", "\u{F6}"]
        let canonical = try JSONValue.object(names.map { .init($0, .null) }).canonicalText
        let wanted = ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"]
        #expect(try JSONValue(parsing: canonical).objectMembers?.map(\.name) == wanted)
    }

    /// Appendix B of RFC 8785.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func `doubles are written as in RFC 8785`(bits: UInt64, wanted: String) throws {
        let digits = Double(bitPattern: bits).description
        #expect(try JSONValue.number(digits).canonicalText == wanted)
    }

    @Test func `a number that no double can hold has no canonical text`() throws {
        let error = try #require(throws: ExhaustError.self) { try JSONValue(parsing: "[1e400]").canonicalText }
        #expect(error.message == "number 1e400: beyond what a double can hold")
    }
}
