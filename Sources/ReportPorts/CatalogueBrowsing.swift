public import ReportModel

/// A catalogue in which people find collections by their names.
public protocol CollectionFinding: Sendable {
    /// Collections of status Live, Unlisted or Retired that have a batch, at most `query.limit`: those whose name begins
    /// with the query first, then by name without case, then by identifier.
    func collections(_ query: CollectionQuery) async throws -> [CollectionRecord]
}

/// A catalogue that people can look through: collections by name, batches with how many are enrolled.
public protocol CatalogueBrowsing: CollectionFinding {
    /// How many learners each of these batches has, without looking at each of them; an unknown batch has none.
    func enrolmentCounts(of batches: [BatchKey]) async throws -> [BatchKey: EnrolmentCount]
}

/// Which collections to show.
public struct CollectionQuery: Sendable, Hashable {
    /// What the name has to hold: every one of these words, letters A to Z in any case. Empty is every name.
    public let words: [String]
    /// The query as it was typed; a collection with exactly this identifier is found too.
    public let text: String
    /// Only collections with a batch that this user made or mentors; nil is all.
    public var member: String?
    /// At most so many.
    public let limit: Int

    /// Bytes of a query that count; nobody types more.
    public static let textLimit = 200
    /// Words of a query that count.
    public static let wordLimit = 8

    /// The query that somebody typed.
    public init(_ text: String, member: String? = nil, limit: Int = 20) {
        self.text = String(decoding: text.utf8.prefix(Self.textLimit), as: UTF8.self)
        words = self.text.split(whereSeparator: \.isWhitespace).prefix(Self.wordLimit).map { Self.lowered(String($0)) }
        self.member = member
        self.limit = max(0, limit)
    }

    /// Whether a collection of this name and identifier is meant, whatever its batches are.
    public func matches(name: String, identifier: String) -> Bool {
        if identifier == text { return true }
        let name = Array(Self.lowered(name).utf8)
        return words.allSatisfy { word in
            let word = Array(word.utf8)
            return word.count <= name.count
                && (0...name.count - word.count).contains { name[$0...].starts(with: word) }
        }
    }

    /// Whether the name begins with the query.
    public func begins(_ name: String) -> Bool {
        guard let first = words.first else { return true }
        return Self.lowered(name).utf8.starts(with: first.utf8)
    }

    /// Collections of this query in the order in which they are shown, at most `limit`.
    public func sorted(_ collections: [CollectionRecord]) -> [CollectionRecord] {
        func key(_ record: CollectionRecord) -> (Int, String, String) {
            (begins(record.name) ? 0 : 1, Self.lowered(record.name), record.identifier)
        }
        func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
        let sorted = collections.sorted { left, right in
            let (left, right) = (key(left), key(right))
            if left.0 != right.0 { return left.0 < right.0 }
            return left.1 == right.1 ? precedes(left.2, right.2) : precedes(left.1, right.1)
        }
        return Array(sorted.prefix(limit))
    }

    /// A to Z as a to z, as every store can do it.
    public static func lowered(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// How many learners a batch has.
public struct EnrolmentCount: Sendable, Hashable {
    /// All who ever enrolled, active or not.
    public var enrolled: Int
    /// Those whose enrolment is active: whom reports show.
    public var active: Int

    /// How many learners a batch has; nobody by default.
    public init(enrolled: Int = 0, active: Int = 0) {
        self.enrolled = enrolled
        self.active = active
    }
}
