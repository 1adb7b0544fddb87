/// Date and time as a zip holds them: two seconds steps, 1980 to 2107, of no zone.
public struct DOSTime: Sendable, Hashable {
    let date: UInt16
    let time: UInt16

    /// Each part is brought into its range; a year outside 1980 to 2107 gives the nearest.
    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        func field(_ value: Int, _ range: ClosedRange<Int>) -> UInt16 {
            UInt16(min(max(value, range.lowerBound), range.upperBound))
        }
        date = (field(year, 1980...2107) - 1980) << 9 | field(month, 1...12) << 5 | field(day, 1...31)
        time = field(hour, 0...23) << 11 | field(minute, 0...59) << 5 | field(second, 0...59) >> 1
    }

    init(date: UInt16, time: UInt16) {
        self.date = date
        self.time = time
    }
}
