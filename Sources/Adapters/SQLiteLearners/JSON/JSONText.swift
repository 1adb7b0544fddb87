/// How the strings of a document are written down again.
enum JSONTextForm {
    /// As they are meant, without escapes.
    case plain
    /// As JSON, escaped only where JSON demands it: `\" \\ \b \f \n \r \t` and `\u00XX` for other control characters.
    case canonical
}

extension JSONScanner {
    /// Goes past a string and adds it to `out`, in canonical form with its quotes. Answers whether it had escapes.
    @discardableResult
    mutating func takeString(_ form: JSONTextForm, into out: inout [UInt8]) throws(JSONFault) -> Bool {
        guard next == UInt8(ascii: "\"") else { throw unexpected("\"") }
        if form == .canonical { out.append(UInt8(ascii: "\"")) }
        advance()
        var hasEscapes = false
        while true {
            let end = bytes.firstSpecial(from: position)
            guard end < bytes.count else { throw .unexpectedEnd }
            if end > position { out.append(contentsOf: bytes.slice(position..<end)) }
            advance(end - position)
            switch bytes[end] {
            case UInt8(ascii: "\""):
                advance()
                if form == .canonical { out.append(UInt8(ascii: "\"")) }
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                advance()
                appendCharacter(try takeEscape(), form, to: &out)
            default: throw JSONFault("byte \(end + 1) is a control character inside a string")
            }
        }
    }

    /// Goes past a string; answers what it means.
    mutating func takePlainString() throws(JSONFault) -> [UInt8] {
        var text: [UInt8] = []
        try takeString(.plain, into: &text)
        return text
    }

    private func appendCharacter(_ character: Unicode.Scalar, _ form: JSONTextForm, to out: inout [UInt8]) {
        let needsEscape = character.value < 0x20 || character == "\"" || character == "\\"
        guard form == .canonical, needsEscape else {
            out.append(contentsOf: UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
            return
        }
        out.append(UInt8(ascii: "\\"))
        switch character {
        case "\u{08}": out.append(UInt8(ascii: "b"))
        case "\t": out.append(UInt8(ascii: "t"))
        case "\n": out.append(UInt8(ascii: "n"))
        case "\u{0C}": out.append(UInt8(ascii: "f"))
        case "\r": out.append(UInt8(ascii: "r"))
        case "\"", "\\": out.append(UInt8(truncatingIfNeeded: character.value))
        default:
            let digits: StaticString = "0123456789abcdef"
            out.append(contentsOf: [0x75, 0x30, 0x30])  // u00
            out.append(digits.utf8Start[Int(character.value >> 4)])
            out.append(digits.utf8Start[Int(character.value & 15)])
        }
    }

    /// The character that an escape stands for; its backslash is behind.
    private mutating func takeEscape() throws(JSONFault) -> Unicode.Scalar {
        guard !isAtEnd else { throw .unexpectedEnd }
        let letter = next
        advance()
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try takeCodePoint()
        default: throw JSONFault("byte \(position) is no letter of an escape")
        }
    }

    private mutating func takeCodePoint() throws(JSONFault) -> Unicode.Scalar {
        let first = try takeFourHexDigits()
        if let character = Unicode.Scalar(first) { return character }
        guard first < 0xDC00, next == UInt8(ascii: "\\") else {
            throw JSONFault("half of a surrogate pair stands alone")
        }
        advance()
        guard next == UInt8(ascii: "u") else { throw JSONFault("half of a surrogate pair stands alone") }
        advance()
        let second = try takeFourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let character = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONFault("half of a surrogate pair stands alone") }
        return character
    }

    private mutating func takeFourHexDigits() throws(JSONFault) -> UInt32 {
        guard bytes.count - position >= 4 else { throw .unexpectedEnd }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt32
            switch next {
            case 48...57: digit = UInt32(next) - 48
            case 65...70: digit = UInt32(next) - 55
            case 97...102: digit = UInt32(next) - 87
            default: throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | digit
            advance()
        }
        return value
    }
}
