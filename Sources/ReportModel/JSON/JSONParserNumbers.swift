/// Numbers, kept by their digits.
extension JSONParser {
    /// Reads a number; a sign, digit, point or the first letter of `Infinity` or `NaN` is next.
    mutating func number() throws -> String {
        let start = at
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { at += 1 }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        if isJSON5 {
            if next == UInt8(ascii: "I") || next == UInt8(ascii: "N") { throw unexpected("a number that is finite") }
            if next == UInt8(ascii: "0"), at + 1 < bytes.count, bytes[at + 1] | 0x20 == UInt8(ascii: "x") {
                at += 2
                return try hexadecimal(isNegative: isNegative)
            }
        }
        let whole = try wholeDigits()
        var fraction = at..<at
        if next == UInt8(ascii: ".") {
            at += 1
            fraction = digits()
            if fraction.isEmpty, !isJSON5 || whole.isEmpty { throw unexpected("a digit after the point") }
        }
        let exponentStart = at
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            at += 1
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { at += 1 }
            if digits().isEmpty { throw unexpected("a digit in the exponent") }
        }
        if let byte = next, Self.continuesWord(byte) || byte == UInt8(ascii: ".") {
            throw unexpected("the end of the number")
        }
        guard isJSON5 else { return text(start..<at) }
        // JSON5 allows `+1`, `.5` and `1.`, which JSON has no form for.
        return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : text(whole))
            + (fraction.isEmpty ? "" : "." + text(fraction)) + text(exponentStart..<at)
    }

    private mutating func wholeDigits() throws -> Range<Int> {
        if isJSON5, next == UInt8(ascii: ".") { return at..<at }
        let whole = digits()
        if whole.isEmpty { throw unexpected("a digit") }
        if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") {
            at = whole.lowerBound
            throw failure("a number does not begin with a needless 0")
        }
        return whole
    }

    private mutating func digits() -> Range<Int> {
        let start = at
        while let byte = next, Self.isDigit(byte) { at += 1 }
        return start..<at
    }

    private mutating func hexadecimal(isNegative: Bool) throws -> String {
        let start = at
        var value: UInt64 = 0
        while let digit = next.flatMap(Self.hexValue) {
            guard value >> 60 == 0 else { throw failure("a hexadecimal number has at most 64 bits") }
            value = value << 4 | UInt64(digit)
            at += 1
        }
        guard at > start else { throw unexpected("a hexadecimal digit") }
        if let byte = next, Self.continuesWord(byte) { throw unexpected("the end of the number") }
        return (isNegative ? "-" : "") + String(value)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
