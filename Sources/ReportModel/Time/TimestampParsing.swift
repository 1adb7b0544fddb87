extension Timestamp {
    /// Reads a date or a moment as the platform writes them: `2020-08-25`, ISO 8601 (`2020-08-25T13:45:54.150Z`, with
    /// an offset such as `+05:30` or `+0530`, or none, which is UTC), and upstream's `2020-08-25 13:45:54:150+0000`.
    /// Blanks around it are skipped. Nil for anything else, also for days that do not exist.
    public init?(parsing text: UnsafeRawBufferPointer) {
        var reader = DigitReader(text)
        reader.skipBlanks()
        guard let year = reader.number(digits: 4...4), reader.skip("-"), let month = reader.number(digits: 1...2),
            reader.skip("-"), let day = reader.number(digits: 1...2)
        else { return nil }
        var time = CalendarTime(year: year, month: month, day: day)
        var offsetMinutes = 0
        if reader.skip("T") || reader.skip("t") || reader.skipOneBlankBeforeDigit() {
            guard let hour = reader.number(digits: 1...2), reader.skip(":"), let minute = reader.number(digits: 2...2)
            else { return nil }
            time.hour = hour
            time.minute = minute
            if reader.skip(":") {
                guard let second = reader.number(digits: 2...2) else { return nil }
                time.second = second
                if reader.skip(".") || reader.skip(",") || reader.skip(":") {
                    guard let millisecond = reader.fraction() else { return nil }
                    time.millisecond = millisecond
                }
            }
            guard let offset = reader.zone() else { return nil }
            offsetMinutes = offset
        }
        reader.skipBlanks()
        guard reader.isAtEnd, time.isValid else { return nil }
        self = time.timestamp(offsetMinutes: offsetMinutes)
    }

    /// Reads `text` in the forms of `init(parsing:)`.
    public init?(_ text: String) {
        var text = text
        guard let parsed = text.withUTF8({ Timestamp(parsing: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = parsed
    }

    /// `2024-01-31T09:00:00.123Z`.
    public var iso8601: String {
        let time = CalendarTime(self)
        return "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))T\(padded(time.hour, 2)):"
            + "\(padded(time.minute, 2)):\(padded(time.second, 2)).\(padded(time.millisecond, 3))Z"
    }

    /// `20240131`, the day that clocks `offsetMinutes` before UTC show; the form of file names (upstream.md 5.1.3).
    public func compactDate(offsetMinutes: Int) -> String {
        let time = CalendarTime(self, offsetMinutes: offsetMinutes)
        return padded(time.year, 4) + padded(time.month, 2) + padded(time.day, 2)
    }

    /// `2024-01-31`, the day that clocks `offsetMinutes` before UTC show.
    public func date(offsetMinutes: Int) -> String {
        let time = CalendarTime(self, offsetMinutes: offsetMinutes)
        return "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Walks over the ASCII digits and separators of a date.
private struct DigitReader {
    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    mutating func skipBlanks() {
        while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// A blank before the time of day, and not one at the end of a bare date.
    mutating func skipOneBlankBeforeDigit() -> Bool {
        guard position + 1 < text.count, text[position] == UInt8(ascii: " "), digit(at: position + 1) != nil else {
            return false
        }
        position += 1
        return true
    }

    mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var length = 0
        while length < digits.upperBound, let next = digit(at: position) {
            value = value * 10 + next
            position += 1
            length += 1
        }
        return digits.contains(length) ? value : nil
    }

    /// Digits after the seconds, in milliseconds; more than three are cut.
    mutating func fraction() -> Int? {
        var value = 0
        var length = 0
        while let next = digit(at: position) {
            if length < 3 { value = value * 10 + next }
            position += 1
            length += 1
        }
        guard (1...9).contains(length) else { return nil }
        while length < 3 {
            value *= 10
            length += 1
        }
        return value
    }

    /// Minutes before UTC; 0 if no zone is named.
    mutating func zone() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isNegative: Bool
        if skip("+") { isNegative = false } else if skip("-") { isNegative = true } else { return 0 }
        guard let hours = number(digits: 2...2) else { return nil }
        _ = skip(":")
        let minutes = number(digits: 2...2) ?? 0
        guard hours < 24, minutes < 60 else { return nil }
        return (isNegative ? -1 : 1) * (hours * 60 + minutes)
    }

    private func digit(at index: Int) -> Int? {
        guard index < text.count, (48...57).contains(text[index]) else { return nil }
        return Int(text[index]) - 48
    }
}
