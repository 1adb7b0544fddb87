extension CSVRows {
    /// A whole number.
    public mutating func integer(_ value: Int) {
        if value < 0 { put(0x2D) }
        putDigits(UInt64(value.magnitude))
        put(0x2C)
    }

    /// A number rounded to six decimals, in its shortest decimal form without exponent: `7`, `6.5`, `0.00001`
    /// (design.md 6.1); empty if there is none.
    public mutating func decimal(_ value: Double?) {
        guard let value, value.isFinite else { return empty() }
        putDecimal(value)
        put(0x2C)
    }

    /// A number with a percent sign, such as `32%`; empty if there is none.
    mutating func percentText(_ value: Double?) {
        guard let value, value.isFinite else { return empty() }
        putDecimal(value)
        put(0x25)
        put(0x2C)
    }

    /// A number as Java writes a double: `1.0`, `0.33`, `1.0E10` (upstream.md 5.1.2); empty if there is none.
    mutating func javaDouble(_ value: Double?) {
        guard let value, value.isFinite else { return empty() }
        if value.sign == .minus { put(0x2D) }
        let size = value.magnitude
        if size == 0 || (1e-3..<1e7).contains(size), let millionths = millionths(size) {
            putMillionths(millionths, leastDecimals: 1)
        } else {
            putJavaDigits(DecimalDigits(size))
        }
        put(0x2C)
    }

    // MARK: Digits

    private mutating func putDecimal(_ value: Double) {
        let size = value.magnitude
        if let millionths = roundedMillionths(size) {
            if value < 0, millionths > 0 { put(0x2D) }
            return putMillionths(millionths, leastDecimals: 0)
        }
        let digits = DecimalDigits(size).rounded(toDecimals: 6)
        if value < 0, !digits.isZero { put(0x2D) }
        putPlain(digits, leastDecimals: 0)
    }

    private mutating func putMillionths(_ millionths: UInt64, leastDecimals: Int) {
        let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
        putDigits(whole)
        if fraction == 0 && leastDecimals == 0 { return }
        put(0x2E)
        var digits = fraction
        var width = 6
        while width > max(leastDecimals, 1), digits % 10 == 0 {
            digits /= 10
            width -= 1
        }
        putDigits(digits, width: width)
    }

    private mutating func putPlain(_ number: DecimalDigits, leastDecimals: Int) {
        for index in 0..<max(number.point, 1) { put(0x30 + number.digit(index, from: number.point)) }
        let decimals = max(number.digits.count - number.point, leastDecimals)
        if decimals <= 0 || number.isZero && leastDecimals == 0 { return }
        put(0x2E)
        for index in 0..<decimals { put(0x30 + number.digit(max(number.point, 1) + index, from: number.point)) }
    }

    /// `d.ddd` and the exponent outside the range that Java writes plainly.
    private mutating func putJavaDigits(_ number: DecimalDigits) {
        if number.point > -3 && number.point <= 7 { return putPlain(number, leastDecimals: 1) }
        put(0x30 + number.digits[0])
        put(0x2E)
        if number.digits.count == 1 { put(0x30) }
        for digit in number.digits.dropFirst() { put(0x30 + digit) }
        put(0x45)
        if number.point < 1 { put(0x2D) }
        putDigits(UInt64((number.point - 1).magnitude))
    }
}

/// The number times a million, rounded as exactly as if the product had all its digits, halves to the even neighbour;
/// nil where a double no longer holds that many.
private func roundedMillionths(_ size: Double) -> UInt64? {
    let product = size * 1e6
    guard product < 4e15 else { return nil }
    let below = product.rounded(.down)
    let rest = product - below
    var result = UInt64(below)
    if rest > 0.5 {
        result += 1
    } else if rest == 0.5 {
        // The product is a half only as far as a double tells; what it lost decides.
        let lost = (-product).addingProduct(size, 1e6)
        if lost > 0 || lost == 0 && result % 2 == 1 { result += 1 }
    }
    return result
}

/// The number times a million, if it has no more than six decimals and fifteen digits: then that form is its shortest.
private func millionths(_ size: Double) -> UInt64? {
    let scaled = (size * 1e6).rounded()
    return scaled < 1e15 && scaled / 1e6 == size ? UInt64(scaled) : nil
}
