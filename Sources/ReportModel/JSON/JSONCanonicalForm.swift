extension JSONValue {
    /// The one text that equal values share (RFC 8785): names sorted by UTF-16, numbers as ECMAScript writes doubles.
    ///
    /// Whole numbers beyond 2^53 lose their last digits, as the RFC has it. Throws `invalidInput` for a number that no
    /// double can hold, such as `1e400`.
    public var canonicalText: String {
        get throws {
            try checkFinite()
            var writer = JSONWriter(
                order: { $0.utf16.lexicographicallyPrecedes($1.utf16) },
                number: { digits in Double(digits).map(Self.canonicalNumber) ?? digits })
            writer.write(self, level: 0)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    private func checkFinite() throws {
        switch self {
        case .number(let digits):
            guard let double = Double(digits), double.isFinite else {
                throw ExhaustError(
                    .invalidInput, "number \(digits): beyond what a double can hold",
                    remedy: "Use a number between -1.7e308 and 1.7e308, or a text.")
            }
        case .array(let elements): for element in elements { try element.checkFinite() }
        case .object(let members): for member in members { try member.value.checkFinite() }
        default: break
        }
    }

    /// A finite double as ECMAScript's `Number::toString` writes it (RFC 8785, 3.2.2.3).
    static func canonicalNumber(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        // The standard library gives the shortest digits that read back as the same double, as ECMAScript asks;
        // only where the point stands differs.
        let parts = value.magnitude.description.split(separator: "e")
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = halves.joined()
        var pointAfter = halves[0].utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.first == "0" {
            digits.removeFirst()
            pointAfter -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (value < 0 ? "-" : "") + place(digits, pointAfter: pointAfter)
    }

    /// The digits with a point after the first `pointAfter` of them, in the form that fits the size.
    private static func place(_ digits: String, pointAfter: Int) -> String {
        let count = digits.utf8.count
        switch pointAfter {
        case count...21: return digits + String(repeating: "0", count: pointAfter - count)
        case 1...21: return digits.prefix(pointAfter) + "." + digits.dropFirst(pointAfter)
        case -5...0: return "0." + String(repeating: "0", count: -pointAfter) + digits
        default:
            let exponent = pointAfter - 1
            let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
            return mantissa + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
        }
    }
}
