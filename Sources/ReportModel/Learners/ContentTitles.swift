/// Titles of contents by identifier, for look-ups on the hot path.
public struct ContentTitles: Sendable {
    /// The bytes of all titles.
    public private(set) var arena = ByteArena()
    private var contents = IdentifierTable()
    private var titles: [TextSlice] = []

    /// No titles yet.
    public init() {}

    /// Whether the content was looked up before, with or without success.
    public func contains(_ identifier: String) -> Bool { contents.index(of: identifier) != nil }

    /// Whether the content was looked up before, with or without success.
    public func contains(_ identifier: UnsafeRawBufferPointer) -> Bool { contents.index(of: identifier) != nil }

    /// Notes the title of a content; empty if it has none.
    public mutating func set(_ title: String, of identifier: String) {
        let (index, isNew) = contents.insert(identifier)
        let slice = arena.append(title)
        if isNew { titles.append(slice) } else { titles[index] = slice }
    }

    /// The title of a content; nil if it was never looked up, empty if it has none.
    public func title(of identifier: String) -> String? {
        contents.index(of: identifier).map { arena.text(titles[$0]) }
    }

    /// The title of a content in `arena`; absent if it was never looked up, empty if it has none.
    public func title(of identifier: UnsafeRawBufferPointer) -> TextSlice {
        contents.index(of: identifier).map { titles[$0] } ?? .absent
    }
}
