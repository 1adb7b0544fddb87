public import ReportModel
public import ReportPorts
import Synchronization

/// Log lines in memory.
public final class MemoryLog: EventLog {
    /// One line.
    public struct Line: Sendable, Hashable {
        /// How much it matters.
        public let level: LogLevel
        /// The name of the event.
        public let event: String
        /// Its values as JSON.
        public let values: String
    }

    private let state = Mutex<[Line]>([])

    /// No lines yet.
    public init() {}

    /// All lines.
    public var lines: [Line] { state.withLock { $0 } }

    /// The names of all events, in order.
    public var events: [String] { lines.map(\.event) }

    /// As `EventLog.log`.
    public func log(_ level: LogLevel, _ event: String, _ values: [(name: String, value: JSONValue)]) {
        let values = JSONValue.object(values.map { JSONValue.Member($0.name, $0.value) }).compactText
        state.withLock { $0.append(Line(level: level, event: event, values: values)) }
    }
}
