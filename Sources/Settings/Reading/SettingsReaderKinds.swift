/// The kinds of settings.
extension SettingsReader {
    mutating func flag(_ value: inout Bool, _ name: String, aliases: [String] = [], _ summary: String) throws {
        try read(
            &value, name, kind: "true or false", aliases: aliases, summary, text: { $0 ? "true" : "false" },
            parse: { $0.loose.flatMap(SettingText.flag) })
    }

    mutating func whole(
        _ value: inout Int, _ name: String, _ range: ClosedRange<Int>, _ unit: String, aliases: [String] = [],
        _ summary: String
    ) throws {
        let kind = "whole number, \(range.lowerBound) to \(range.upperBound)"
        try read(
            &value, name, kind: unit.isEmpty ? kind : "\(kind) \(unit)", aliases: aliases, summary,
            text: { String($0) },
            parse: { $0.loose.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil } })
    }

    mutating func size(_ value: inout Int, _ name: String, _ range: ClosedRange<Int>, _ summary: String) throws {
        let ends = [range.lowerBound, range.upperBound].map(SettingText.sizeText).joined(separator: " to ")
        try read(
            &value, name, kind: "size, \(ends), in bytes or with a unit such as KiB, MiB, MB", summary,
            text: SettingText.sizeText,
            parse: { $0.loose.flatMap(SettingText.size).flatMap { range.contains($0) ? $0 : nil } })
    }

    mutating func seconds(
        _ value: inout Double, _ name: String, _ range: ClosedRange<Double>, _ summary: String
    ) throws {
        let ends = [range.lowerBound, range.upperBound].map(SettingText.secondsText).joined(separator: " to ")
        try read(
            &value, name, kind: "time, \(ends), in seconds or with a unit: ms, s, min, h, d", summary,
            text: SettingText.secondsText,
            parse: { $0.loose.flatMap(SettingText.seconds).flatMap { range.contains($0) ? $0 : nil } })
    }

    mutating func text(
        _ value: inout String, _ name: String, aliases: [String] = [], isSecret: Bool = false, _ summary: String
    ) throws {
        try read(
            &value, name, kind: "text", aliases: aliases, isSecret: isSecret, summary, text: { $0 }, parse: { $0.text })
    }

    mutating func folder(_ value: inout String, _ name: String, _ summary: String) throws {
        try read(
            &value, name, kind: "folder", summary, text: { $0 },
            parse: { $0.text.flatMap { $0.isEmpty || $0.contains("\0") ? nil : $0 } })
    }

    mutating func key(_ value: inout String, _ name: String, _ summary: String) throws {
        try read(
            &value, name, kind: "64 hex digits", isSecret: true, summary, text: { $0 },
            parse: { $0.text.flatMap { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) ? $0 : nil } })
    }

    mutating func list(_ value: inout [String], _ name: String, aliases: [String] = [], _ summary: String) throws {
        try read(
            &value, name, kind: "list, or text with commas", aliases: aliases, summary,
            text: { $0.joined(separator: ", ") }, parse: { $0.list })
    }

    mutating func numbers(_ value: inout Set<Int32>, _ name: String, _ summary: String) throws {
        try read(
            &value, name, kind: "list of whole numbers, or text with commas", summary,
            text: { $0.sorted().map(String.init).joined(separator: ", ") },
            parse: { raw in
                guard let parts = raw.list else { return nil }
                let numbers = parts.compactMap { Int32($0) }
                return numbers.count == parts.count ? Set(numbers) : nil
            })
    }

    mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ value: inout Choice, _ name: String, _ summary: String
    ) throws {
        try read(
            &value, name, kind: Self.choices(Choice.self), summary, text: \.rawValue,
            parse: { $0.loose.flatMap(Choice.init(rawValue:)) })
    }

    /// A choice that may be left open; `otherwise` says what counts then.
    mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ value: inout Choice?, _ name: String, otherwise: String, _ summary: String
    ) throws {
        try read(
            &value, name, kind: Self.choices(Choice.self), summary, text: { $0?.rawValue ?? otherwise },
            parse: { $0.loose.flatMap(Choice.init(rawValue:)).map(Optional.some) })
    }

    /// A zone by its minutes before UTC.
    mutating func zone(_ value: inout Int, _ name: String, _ summary: String) throws {
        try read(
            &value, name, kind: "time zone such as +05:30 or Z", summary, text: SettingText.zoneText,
            parse: { $0.text.flatMap(SettingText.zone) })
    }

    private static func choices<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> String {
        "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
