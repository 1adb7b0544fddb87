/// What is logged, and how.
public struct LogSettings: Sendable {
    /// Lines less important than this are left out.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        case debug, info, warning, error
    }

    /// How lines look.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// Text on a terminal, JSON lines elsewhere.
        case automatic = "auto"
        /// One JSON object a line.
        case json
        /// For people.
        case text
    }

    /// `log.level`.
    public var level = Level.info
    /// `log.format`.
    public var format = Format.automatic

    /// All defaults.
    public init() {}

    mutating func read(_ reader: inout SettingsReader) throws {
        reader.begin("Log")
        try reader.choice(&level, "log.level", "Least importance of lines that are logged.")
        try reader.choice(&format, "log.format", "How log lines look; auto is text on a terminal and JSON elsewhere.")
    }
}
