import ReportModel

/// Builds lines of JSON as bytes. Members come in the order of the calls; each call that adds one begins with its name.
struct JSONLines {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func beginRow() {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func endRow() {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(0x0A)
    }

    /// The name of a member, after a comma where one is needed.
    mutating func name(_ name: StaticString) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        raw(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins an object or list as a value: no comma before its first member.
    mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    /// Ends an object or list.
    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    /// A comma between the elements of a list.
    mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func raw(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    /// Bytes that need no escapes, as a text.
    mutating func plain(_ text: [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A text with whatever escapes it needs.
    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                raw("\\u00")
                hex(UInt64(byte), digits: 2)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func number(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude, atLeast: 1)
    }

    /// A number given in halves: 15 is `7.5`, 14 is `7.0`.
    mutating func halves(_ value: Int) {
        number(value / 2)
        raw(value % 2 == 0 ? ".0" : ".5")
    }

    /// A moment as ISO 8601, in quotes.
    mutating func time(_ time: Timestamp) {
        let clock = CalendarTime(time)
        bytes.append(UInt8(ascii: "\""))
        for (value, width, end) in [
            (clock.year, 4, "-"), (clock.month, 2, "-"), (clock.day, 2, "T"), (clock.hour, 2, ":"),
            (clock.minute, 2, ":"), (clock.second, 2, "."), (clock.millisecond, 3, "Z"),
        ] as [(Int, Int, Unicode.Scalar)] {
            digits(value.magnitude, atLeast: width)
            bytes.append(UInt8(ascii: end))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func hex(_ value: UInt64, digits: Int) {
        for shift in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(value >> UInt64(shift) & 15)
            bytes.append(digit < 10 ? 48 + digit : 87 + digit)
        }
    }

    private mutating func digits(_ value: UInt, atLeast width: Int) {
        var divisor: UInt = 1
        var length = 1
        while value / divisor >= 10 || length < width {
            divisor *= 10
            length += 1
        }
        while divisor > 0 {
            bytes.append(48 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
