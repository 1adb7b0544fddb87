/// The shortest decimal digits that give a double back, for the numbers that have many: `0.ddd` times 10 to `point`.
struct DecimalDigits: Hashable {
    /// Values 0 to 9, without zeros at either end; none for zero.
    private(set) var digits: [UInt8] = []
    /// Where the decimal point stands: before the first digit if 0, after it if 1.
    private(set) var point = 0

    var isZero: Bool { digits.isEmpty }

    /// The digits of a number that is finite and not below zero.
    init(_ size: Double) {
        var exponent = 0
        var decimals: Int?
        var text = size.description.utf8[...]
        if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(Substring(text[mark...].dropFirst())) ?? 0
            text = text[..<mark]
        }
        for byte in text {
            if byte == UInt8(ascii: ".") {
                decimals = 0
            } else {
                digits.append(byte - UInt8(ascii: "0"))
                decimals = decimals.map { $0 + 1 }
            }
        }
        point = digits.count - (decimals ?? 0) + exponent
        normalise()
    }

    /// Rounded to so many decimals, halves up.
    func rounded(toDecimals decimals: Int) -> DecimalDigits {
        let kept = point + decimals
        if kept >= digits.count { return self }
        var result = self
        let roundsUp = kept >= 0 && digits[kept] >= 5
        result.digits.removeLast(digits.count - max(kept, 0))
        if roundsUp { result.increment() }
        result.normalise()
        return result
    }

    /// The digit `index` places right of the first one printed, where the number has `point` digits before its point.
    func digit(_ index: Int, from point: Int) -> UInt8 {
        // Numbers below one are printed with a zero in front, and zeros up to their first digit.
        let position = point >= 1 ? index : index - 1 + point
        return digits.indices.contains(position) ? digits[position] : 0
    }

    private mutating func increment() {
        for index in digits.indices.reversed() {
            if digits[index] < 9 {
                digits[index] += 1
                return
            }
            digits[index] = 0
        }
        digits.insert(1, at: 0)
        point += 1
    }

    private mutating func normalise() {
        while digits.last == 0 { digits.removeLast() }
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point = digits.isEmpty ? 0 : point - leading
    }
}
