/// Numbers as people read them.
enum HumanText {
    /// `1,234,567`
    static func count(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }

    /// `999 B`, `1.5 kB`, `250 MB`: units of 1000, as file managers count.
    static func size(_ bytes: some BinaryInteger) -> String {
        var value = Double(bytes)
        guard value.magnitude >= 1000 else { return "\(bytes) B" }
        for unit in ["kB", "MB", "GB", "TB", "PB"] {
            value /= 1000
            // Rounding must not give 1000 of a unit.
            if value.magnitude < 999.5 || unit == "PB" { return "\(shortened(value)) \(unit)" }
        }
        return "\(bytes) B"
    }

    /// `40 ms`, `2.5 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 59.5 { return "\(shortened(seconds)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3_600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        if whole < 86_400 { return "\(whole / 3_600) h \(twoDigits(whole % 3_600 / 60)) min" }
        return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
    }

    /// One decimal below ten, none above.
    private static func shortened(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        guard abs(tenths) < 100, tenths % 10 != 0 else { return "\(Int(value.rounded()))" }
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A command that a shell takes word by word as given.
    static func shellLine(_ words: [String]) -> String {
        words.map { word in
            let isPlain = word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_./:=@%+,".utf8.contains(byte)
                }
            }
            if isPlain, !word.isEmpty { return word }
            return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }
}

/// A table for people: columns as wide as their widest cell, two blanks between them.
struct TextTable: Sendable {
    /// A column.
    struct Column: Sendable {
        let title: String
        /// Whether its cells stand at its right edge, as numbers do.
        let isNumber: Bool

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    let columns: [Column]
    private var rows: [[String]] = []

    /// A table without rows.
    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty.
    mutating func add(_ cells: String...) { rows.append(cells) }

    /// The table with its titles, each line ended.
    var text: String {
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { place in lines.map { $0.dropFirst(place).first?.count ?? 0 }.max() ?? 0 }
        return lines.map { cells in
            var line = ""
            for (place, column) in columns.enumerated() {
                let cell = cells.dropFirst(place).first ?? ""
                let gap = String(repeating: " ", count: widths[place] - cell.count)
                line += (place > 0 ? "  " : "") + (column.isNumber ? gap + cell : cell + gap)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
