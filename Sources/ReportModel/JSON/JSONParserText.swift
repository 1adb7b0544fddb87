/// Texts and member names.
extension JSONParser {
    /// Reads a quoted text; the quote is next.
    mutating func string() throws -> String {
        let quote = bytes[at]
        let opening = at
        at += 1
        // Most texts have no escape and are taken as one piece.
        var decoded: [UInt8] = []
        var pieceStart = at
        while let byte = next {
            if byte == quote {
                let piece = bytes[pieceStart..<at]
                at += 1
                if decoded.isEmpty { return String(decoding: piece, as: UTF8.self) }
                decoded.append(contentsOf: piece)
                return String(decoding: decoded, as: UTF8.self)
            } else if byte == UInt8(ascii: "\\") {
                decoded.append(contentsOf: bytes[pieceStart..<at])
                try escape(into: &decoded)
                pieceStart = at
            } else if byte >= 0x80 {
                at += try sequenceLength()
            } else if byte >= 0x20 {
                at += 1
            } else {
                guard isJSON5, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
                    throw unexpected("a text without raw control characters")
                }
                at += 1
            }
        }
        throw unexpected("the end of the text that begins at \(place(of: opening))")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws {
        let start = at
        at += 1
        guard let byte = next else { throw unexpected("an escape") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: Self.encode(try unicodeEscape(from: start)))
        default:
            at -= 1
            guard isJSON5 else { throw unexpected("one of the escapes `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u`") }
            try escapeOfJSON5(byte, into: &decoded)
        }
    }

    private mutating func escapeOfJSON5(_ byte: UInt8, into decoded: inout [UInt8]) throws {
        switch byte {
        case UInt8(ascii: "v"): decoded.append(0x0B)
        case UInt8(ascii: "x"):
            at += 1
            let value = try hexDigits(2)
            if let scalar = Unicode.Scalar(value) { decoded.append(contentsOf: Self.encode(scalar)) }
            return
        case UInt8(ascii: "0"):
            at += 1
            if let digit = next, Self.isDigit(digit) { throw unexpected("no digit after `\\0`") }
            decoded.append(0)
            return
        case UInt8(ascii: "1")...UInt8(ascii: "9"): throw unexpected("an escape that is no digit")
        case UInt8(ascii: "\r"):
            // A line that goes on: CR LF counts as one line end.
            at += 1
            if next == UInt8(ascii: "\n") { at += 1 }
            return
        case UInt8(ascii: "\n"): break
        case 0x80...:
            let end = at + (try sequenceLength())
            if !isLineSeparator(at) { decoded.append(contentsOf: bytes[at..<end]) }
            at = end
            return
        default: decoded.append(byte)
        }
        at += 1
    }

    /// The code point of `\uXXXX`, or of two that make a surrogate pair; the first `u` has been read.
    mutating func unicodeEscape(from start: Int) throws -> Unicode.Scalar {
        let first = try hexDigits(4)
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, next == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") {
            at += 2
            let second = try hexDigits(4)
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        at = start
        throw failure("a lone surrogate is no character; write both halves of the pair")
    }

    private mutating func hexDigits(_ count: Int) throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap(Self.hexValue) else { throw unexpected("\(count) hexadecimal digits") }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    /// Reads a JSON5 member name without quotes; nil, and nothing read, if none begins here.
    mutating func identifier() throws -> String? {
        var name: [UInt8] = []
        while let byte = next {
            let start = at
            let scalar: Unicode.Scalar
            if byte == UInt8(ascii: "\\") {
                at += 1
                guard next == UInt8(ascii: "u") else { throw unexpected("`\\u`") }
                at += 1
                scalar = try unicodeEscape(from: start)
            } else {
                at += byte < 0x80 ? 1 : try sequenceLength()
                scalar = String(decoding: bytes[start..<at], as: UTF8.self).unicodeScalars.first ?? "\0"
            }
            guard Self.isNamePart(scalar, first: name.isEmpty) else {
                at = start
                break
            }
            name.append(contentsOf: Self.encode(scalar))
        }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
        if scalar == "$" || scalar == "_" { return true }
        if first { return scalar.properties.isIDStart }
        return scalar.properties.isIDContinue || scalar == "\u{200C}" || scalar == "\u{200D}"
    }

    private static func encode(_ scalar: Unicode.Scalar) -> [UInt8] { Array(String(scalar).utf8) }
}
