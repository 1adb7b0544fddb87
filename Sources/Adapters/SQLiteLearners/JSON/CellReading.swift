import ReportModel

/// The entries of a map from text to number, such as `contentstatus`, in a cell of ours or in a line of an import.
extension JSONScanner {
    /// Calls `body` with each key, unescaped, and the number beside it; entries whose value is null are passed over.
    /// Numbers may be written as text. Throws for anything but such a map; null and nothing are an empty one.
    mutating func forEachNumber(
        _ body: (_ key: UnsafeRawBufferPointer, _ number: Double) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        skipBlanks()
        if isAtEnd { return }
        if next == UInt8(ascii: "n") { return try take(word: "null") }
        try expect(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        var plain: [UInt8] = []
        repeat {
            skipBlanks()
            var again = self
            let (content, hasEscapes) = try skipString()
            try expect(UInt8(ascii: ":"))
            guard let number = try takeOptionalNumber() else { continue }
            if hasEscapes {
                plain.removeAll(keepingCapacity: true)
                try again.takeString(.plain, into: &plain)
                var fault: JSONFault?
                plain.withUnsafeBytes { key in
                    do throws(JSONFault) { try body(key, number) } catch { fault = error }
                }
                if let fault { throw fault }
            } else {
                try body(bytes.slice(content), number)
            }
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Goes past a number, or a text that is one; nil for null and for an empty text.
    @inline(__always)
    mutating func takeOptionalNumber() throws(JSONFault) -> Double? {
        skipBlanks()
        switch next {
        case UInt8(ascii: "n"):
            try take(word: "null")
            return nil
        case UInt8(ascii: "\""):
            let (content, _) = try skipString()
            if content.isEmpty { return nil }
            guard let number = bytes.slice(content).decimalNumber else { throw JSONFault("a number is expected") }
            return number
        default:
            guard let number = bytes.slice(try takeNumber()).decimalNumber else {
                throw JSONFault("a number is expected")
            }
            return number
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The finite number that these characters spell; nil if they do not.
    @inline(__always)
    var decimalNumber: Double? { shortNumber ?? spelledNumber }

    /// At most fifteen digits, perhaps with a sign and a point. Both digits and power of ten are exact as `Double`, so
    /// that their quotient is the nearest number (upstream's figures are nearly all of this form).
    private var shortNumber: Double? {
        guard count > 0, count <= 17 else { return nil }
        var digits: Int64 = 0
        var length = 0
        var fraction: Int?
        var index = self[0] == UInt8(ascii: "-") ? 1 : 0
        while index < count {
            let byte = self[index]
            if byte &- 48 < 10 {
                digits = digits &* 10 &+ Int64(byte &- 48)
                length += 1
                if let places = fraction { fraction = places + 1 }
            } else if byte == UInt8(ascii: "."), fraction == nil, length > 0 {
                fraction = 0
            } else {
                return nil
            }
            index += 1
        }
        guard length > 0, length <= 15, fraction != 0 else { return nil }
        let value = Double(digits) / powersOfTen[fraction ?? 0]
        return self[0] == UInt8(ascii: "-") ? -value : value
    }

    private var spelledNumber: Double? {
        // Only digits, sign, point and exponent: `Double` would also read "nan", "inf" and hexadecimal.
        for byte in self {
            guard byte &- 48 < 10 || byte == 0x2E || byte == 0x2B || byte == 0x2D || byte | 0x20 == 0x65 else {
                return nil
            }
        }
        guard let number = Double(String(decoding: self, as: UTF8.self)), number.isFinite else { return nil }
        return number
    }
}

private let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]
