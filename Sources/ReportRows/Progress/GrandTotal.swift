/// The whole percent, rounded up, that a `grand_total` such as ` 1 / 3 ` stands for; nil without one slash, with
/// nothing to divide by, or without numbers (upstream.md 5.3).
func percentOfGrandTotal(_ text: UnsafeRawBufferPointer) -> Double? {
    let parts = text.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 2, let reached = number(parts[0]), let maximum = number(parts[1]), maximum != 0 else {
        return nil
    }
    return (reached * 100 / maximum).rounded(.up)
}

/// A number with blanks around it.
private func number(_ text: Slice<UnsafeRawBufferPointer>) -> Double? {
    var text = text
    while let first = text.first, first <= 0x20 { text.removeFirst() }
    while let last = text.last, last <= 0x20 { text.removeLast() }
    if let short = shortDecimal(text) { return short }
    // Swift also reads hexadecimal numbers and words, which are no scores.
    guard text.allSatisfy({ $0 <= 0x39 || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) else { return nil }
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
}

/// A number such as `12` or `7.25` with at most fifteen digits, whose quotient is exactly the nearest double.
private func shortDecimal(_ text: Slice<UnsafeRawBufferPointer>) -> Double? {
    guard (1...16).contains(text.count) else { return nil }
    var digits: Int64 = 0
    var count = 0
    var divisor: Double?
    for byte in text {
        if byte == UInt8(ascii: ".") {
            guard divisor == nil, count > 0 else { return nil }
            divisor = 1
        } else {
            guard (0x30...0x39).contains(byte), count < 15 else { return nil }
            digits = digits * 10 + Int64(byte - 0x30)
            count += 1
            divisor = divisor.map { $0 * 10 }
        }
    }
    guard count > 0, let divisor else { return count > 0 ? Double(digits) : nil }
    return Double(digits) / divisor
}
