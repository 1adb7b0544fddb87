public import ReportModel

extension CSVRows {
    /// A moment as `2020-08-25 13:45:54:150+0000`, UTC (design.md 6.1); empty if there is none.
    public mutating func timestamp(_ time: Timestamp?) {
        guard let time else { return empty() }
        let reading = CalendarTime(time)
        putDate(reading)
        putTime(reading)
        put(0x3A)
        putDigits(UInt64(reading.millisecond), width: 3)
        put(0x2B)
        putDigits(0, width: 4)
        put(0x2C)
    }

    /// A moment as Spark casts it to text: `2013-10-19 09:30:00.15`, UTC, without zeros at the fraction's end
    /// (upstream.md 5.6); empty if there is none.
    mutating func sparkTimestamp(_ time: Timestamp?, withFraction: Bool = true) {
        guard let time else { return empty() }
        let reading = CalendarTime(time)
        putDate(reading)
        putTime(reading)
        var fraction = reading.millisecond
        if withFraction, fraction > 0 {
            put(0x2E)
            var width = 3
            while fraction % 10 == 0 {
                fraction /= 10
                width -= 1
            }
            putDigits(UInt64(fraction), width: width)
        }
        put(0x2C)
    }

    /// The day as `25/08/2020`, UTC (upstream.md 5.1.3); empty if there is none.
    mutating func dayMonthYear(_ time: Timestamp?) {
        guard let time else { return empty() }
        let reading = CalendarTime(time)
        putDigits(UInt64(reading.day), width: 2)
        put(0x2F)
        putDigits(UInt64(reading.month), width: 2)
        put(0x2F)
        putYear(reading.year)
        put(0x2C)
    }

    private mutating func putYear(_ year: Int) {
        if year < 0 { put(0x2D) }
        putDigits(UInt64(year.magnitude), width: 4)
    }

    private mutating func putDate(_ reading: CalendarTime) {
        putYear(reading.year)
        put(0x2D)
        putDigits(UInt64(reading.month), width: 2)
        put(0x2D)
        putDigits(UInt64(reading.day), width: 2)
    }

    private mutating func putTime(_ reading: CalendarTime) {
        put(0x20)
        putDigits(UInt64(reading.hour), width: 2)
        put(0x3A)
        putDigits(UInt64(reading.minute), width: 2)
        put(0x3A)
        putDigits(UInt64(reading.second), width: 2)
    }
}
