/// Sizes, durations, zones and lists as people write them.
enum SettingText {
    private static let sizeUnits: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ]
    private static let timeUnits: [(name: String, seconds: Double)] = [
        ("d", 86_400), ("h", 3_600), ("min", 60), ("m", 60), ("ms", 0.001), ("s", 1),
    ]

    /// `2 MiB`, `1GB` or plain bytes; nil if it is none or too large.
    static func size(_ text: String) -> Int? {
        let (digits, unit) = split(text)
        guard let count = Int(digits) else { return nil }
        if unit.isEmpty { return count }
        guard let factor = sizeUnits.first(where: { $0.name.lowercased() == unit.lowercased() })?.bytes else {
            return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : bytes
    }

    /// The size in the largest unit that fits without a rest.
    static func sizeText(_ bytes: Int) -> String {
        let unit = sizeUnits.first { $0.name.contains("i") && bytes >= $0.bytes && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes) \($0.name)" } ?? "\(bytes) B"
    }

    /// `15`, `15s`, `1.5 h` or `250ms` in seconds; nil if it is none.
    static func seconds(_ text: String) -> Double? {
        let (digits, unit) = split(text)
        guard !digits.isEmpty, let count = Double(digits), count.isFinite else { return nil }
        if unit.isEmpty { return count }
        guard let factor = timeUnits.first(where: { $0.name == unit })?.seconds else { return nil }
        return count * factor
    }

    /// `90` as `90 s`, without a needless fraction.
    static func secondsText(_ seconds: Double) -> String {
        (Int(exactly: seconds).map(String.init) ?? seconds.description) + " s"
    }

    /// `+05:30`, `-03:00` or `Z` in minutes before UTC; nil if it is none.
    static func zone(_ text: String) -> Int? {
        if text == "Z" { return 0 }
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = twoDigits(bytes[1...2]), let minutes = twoDigits(bytes[4...5]),
            hours <= 14, minutes < 60
        else { return nil }
        return (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    static func zoneText(_ minutes: Int) -> String {
        let (hours, rest) = Int(minutes.magnitude).quotientAndRemainder(dividingBy: 60)
        return (minutes < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
    }

    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "on": true
        case "false", "off": false
        default: nil
        }
    }

    /// The parts between commas, without blanks around them; empty parts do not count.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        let start = text.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }

    private static func twoDigits(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func split(_ text: String) -> (digits: String, unit: String) {
        let text = trimmed(text)
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_") }
        return (String(digits).replacing("_", with: ""), trimmed(text.dropFirst(digits.count)))
    }
}
