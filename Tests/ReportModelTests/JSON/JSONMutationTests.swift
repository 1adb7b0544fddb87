import ReportModel
import Testing

/// Thousands of damaged documents, the same in every run: none may crash, and what is read must read back the same.
@Suite struct JSONMutationTests {
    /// SplitMix64.
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    static let seeds = [
        #"{"batchId":"01","a":[1,-2.5e+3,0.0],"b":{"c":null,"d":[true,false]},"e":"\u00e9\uD83D\uDE00\n"}"#,
        #"[[[[{"é":{"😀":"\"\\\/"}}]]],1E400,-0,""]"#,
        "/* c */ {a: 'x\\\ny', $b: [+.5, 5., 0xAf,], // end\n\u{A0}\"c\\x41\": -1,}",
    ]
    static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\\u", "\\uD800", "0", "-", "+", ".", "e", "x", "/", "*",
            "//",
            "null", "\u{2028}", "é", "\n",
        ].map { Array($0.utf8) } + [[0], [0x80], [0xFF], [0xE2, 0x80], [0xF0]]

    @Test(arguments: [JSONValue.Form.json, .json5])
    func `damaged texts are refused or read, never worse`(form: JSONValue.Form) throws {
        var generator = Generator(state: form == .json ? 1 : 2)
        var wereRead = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
            let value: JSONValue
            do {
                value = try JSONValue(parsing: bytes, form: form)
            } catch let error as ExhaustError {
                #expect(error.code == .invalidInput && error.message.contains("line "))
                continue
            }
            wereRead += 1
            for text in [value.compactText, value.prettyText] {
                #expect(try JSONValue(parsing: text) == value)
            }
        }
        // Both ways have to be taken often for this test to mean anything.
        #expect(wereRead > 500 && wereRead < 19_500, "\(wereRead)")
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...3, using: &generator)))
        case 2: if place < bytes.count { bytes[place] = .random(in: 0...255, using: &generator) }
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = [0x30] }
    }
}
