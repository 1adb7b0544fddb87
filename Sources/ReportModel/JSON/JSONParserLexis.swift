/// Blanks, comments, UTF-8 and places.
extension JSONParser {
    mutating func skipBlanks() throws {
        while let byte = next {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            case 0x0B, 0x0C:
                guard isJSON5 else { return }
                at += 1
            case UInt8(ascii: "/"):
                guard isJSON5 else { return }
                try skipComment()
            case 0x80...:
                guard isJSON5, let length = try blankLength() else { return }
                at += length
            default: return
            }
        }
    }

    private mutating func skipComment() throws {
        let start = at
        at += 1
        if next == UInt8(ascii: "/") {
            while let byte = next, byte != 0x0A, byte != 0x0D, !isLineSeparator(at) {
                at += byte < 0x80 ? 1 : try sequenceLength()
            }
        } else if next == UInt8(ascii: "*") {
            at += 1
            while let byte = next {
                if byte == UInt8(ascii: "*"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "/") {
                    at += 2
                    return
                }
                at += byte < 0x80 ? 1 : try sequenceLength()
            }
            throw unexpected("the end `*/` of the comment that begins at \(place(of: start))")
        } else {
            at = start
            throw unexpected("a value or a comment")
        }
    }

    /// Bytes of the blank beyond ASCII that is next, such as a no-break space; nil if it is something else.
    private func blankLength() throws -> Int? {
        let length = try sequenceLength()
        let scalar = String(decoding: bytes[at..<at + length], as: UTF8.self).unicodeScalars.first
        guard let scalar else { return nil }
        let isBlank =
            scalar == "\u{FEFF}" || scalar == "\u{2028}" || scalar == "\u{2029}"
            || scalar.properties.generalCategory == .spaceSeparator
        return isBlank ? length : nil
    }

    /// Whether U+2028 or U+2029 stands at `place`.
    func isLineSeparator(_ place: Int) -> Bool {
        place + 2 < bytes.count && bytes[place] == 0xE2 && bytes[place + 1] == 0x80
            && (bytes[place + 2] == 0xA8 || bytes[place + 2] == 0xA9)
    }

    /// Bytes of the sequence beyond ASCII that is next; throws if it is not UTF-8 (Unicode 15, table 3-7).
    func sequenceLength() throws -> Int {
        let lead = bytes[at]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: throw failure("the text is not UTF-8")
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { throw failure("the text is not UTF-8") }
        for place in at + 2..<max(at + 2, at + length) where bytes[place] & 0xC0 != 0x80 {
            throw failure("the text is not UTF-8")
        }
        return length
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Whether `byte` cannot follow a word or a number directly.
    static func continuesWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// An error at the next byte, saying what should stand there. Only one character is quoted: the text may be private.
    func unexpected(_ expected: String) -> ExhaustError {
        let found: String
        switch next {
        case nil: found = "the text ends"
        case let byte? where byte > 0x20 && byte < 0x7F: found = "found `\(Character(Unicode.Scalar(byte)))`"
        case let byte?: found = "found byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return failure("expected \(expected), \(found)")
    }

    func failure(_ reason: String) -> ExhaustError {
        ExhaustError(.invalidInput, "\(name): \(place(of: at)): \(reason)")
    }

    /// `line 1, column 1` of a byte.
    func place(of offset: Int) -> String {
        var line = 1
        var column = 1
        for byte in bytes[..<min(offset, bytes.count)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return "line \(line), column \(column)"
    }
}
