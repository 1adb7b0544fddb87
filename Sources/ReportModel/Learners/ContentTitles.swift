/// Titles of contents by identifier, for look-ups on the hot path.
public struct ContentTitles: Sendable {
    private var titles: [String: String] = [:]

    /// No titles yet.
    public init() {}

    /// Whether the content was looked up before, with or without success.
    public func contains(_ identifier: String) -> Bool { titles[identifier] != nil }

    /// Notes the title of a content; empty if it has none.
    public mutating func set(_ title: String, of identifier: String) { titles[identifier] = title }

    /// The title of a content; nil if it was never looked up, empty if it has none.
    public func title(of identifier: String) -> String? { titles[identifier] }
}
