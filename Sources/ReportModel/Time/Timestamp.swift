/// A moment: milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since the epoch.
    public var milliseconds: Int64

    /// A moment by its milliseconds since the epoch.
    @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Earlier is less.
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// This moment, later by `seconds`.
    public func adding(seconds: Double) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
    }

    /// Seconds from `earlier` to this moment.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }
}

/// A day and time of day, read off a `Timestamp` at a fixed offset from UTC (Gregorian calendar, also before 1582).
public struct CalendarTime: Sendable, Hashable {
    /// Year, 1970 is 1970.
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    /// 0 to 23.
    public var hour: Int
    /// 0 to 59.
    public var minute: Int
    /// 0 to 59.
    public var second: Int
    /// 0 to 999.
    public var millisecond: Int

    /// The calendar's reading of `time` where clocks are `offsetMinutes` before UTC.
    public init(_ time: Timestamp, offsetMinutes: Int = 0) {
        let local = time.milliseconds + Int64(offsetMinutes) * 60_000
        let days = local.flooredDivision(by: 86_400_000)
        var rest = Int(local - days * 86_400_000)
        millisecond = rest % 1000
        rest /= 1000
        second = rest % 60
        minute = rest / 60 % 60
        hour = rest / 3600
        (year, month, day) = Self.date(ofDay: Int(days))
    }

    /// A reading by its parts; `timestamp(offsetMinutes:)` does not check them.
    public init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.millisecond = millisecond
    }

    /// The moment at which clocks `offsetMinutes` before UTC show this.
    public func timestamp(offsetMinutes: Int = 0) -> Timestamp {
        let seconds = ((Self.day(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second
        return Timestamp(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
    }

    /// Whether every part is in its range, the day in its month.
    public var isValid: Bool {
        (1...12).contains(month) && day >= 1 && day <= Self.daysInMonth(year, month) && (0..<24).contains(hour)
            && (0..<60).contains(minute) && (0..<60).contains(second) && (0..<1000).contains(millisecond)
    }

    /// Days from 1970-01-01 to a date; years begin in March here, so that the leap day ends one.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredDivision(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(ofDay days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension BinaryInteger {
    /// Division that rounds down, also below zero.
    func flooredDivision(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
