import ReportModel
import ReportPorts

/// Log lines on standard error: JSON for machines, text for people (design.md 10).
struct ConsoleLog: EventLog {
    /// How lines look.
    enum Format: Sendable { case json, text }

    private let console: Console
    private let minimum: LogLevel
    private let format: Format
    private let clock: any ServiceClock

    /// A log that leaves out what is less important than `minimum`.
    init(console: Console, minimum: LogLevel, format: Format, clock: any ServiceClock) {
        self.console = console
        self.minimum = minimum
        self.format = format
        self.clock = clock
    }

    func log(_ level: LogLevel, _ event: String, _ values: [(name: String, value: JSONValue)]) {
        guard level >= minimum else { return }
        let time = clock.now().iso8601
        switch format {
        case .json:
            let members = [
                JSONValue.Member("time", .string(time)), .init("level", .string(level.rawValue)),
                .init("event", .string(event)),
            ]
            console.note(JSONValue.object(members + values.map { .init($0.name, $0.value) }).compactText)
        case .text:
            let words = values.map { "\($0.name)=\(Self.word($0.value))" }
            console.note(([time, level.rawValue, event] + words).joined(separator: " "))
        }
    }

    /// A value that is one plain word stays as it is; any other is written as JSON, so that it cannot pass for more.
    private static func word(_ value: JSONValue) -> String {
        guard let text = value.text, !text.isEmpty else { return value.compactText }
        let isPlain = text.unicodeScalars.allSatisfy {
            $0 != "=" && $0 != "\"" && !$0.properties.isWhitespace && $0.properties.generalCategory != .control
        }
        return isPlain ? text : value.compactText
    }
}
