import ReportModel

/// `batchFilters` of the oldest request API: names that keep a batch if one of them is its id or the channel of its
/// collection (issue of the request API; upstream.md 2.13 tells of the word's history).
public struct BatchNames: Sendable, Hashable {
    /// Ids of batches.
    public var ids: Set<String>
    /// Channels of collections.
    public var channels: Set<String>

    /// These names.
    public init(ids: Set<String>, channels: Set<String>) {
        self.ids = ids
        self.channels = channels
    }

    /// Reads a list, whose names can be either, or an object with lists `ids` and `channels`. Throws `invalidInput`.
    init(json: JSONValue) throws(ExhaustError) {
        if json.elements != nil {
            let names = Set(try DatasetConfig.texts(json, member: "batchFilters"))
            self.init(ids: names, channels: names)
            return
        }
        guard json.objectMembers != nil else {
            throw DatasetConfig.invalid(
                "batchFilters must be a list of texts, or an object with lists ids and channels")
        }
        func names(_ member: String) throws(ExhaustError) -> Set<String> {
            guard let list = json[member] else { return [] }
            return Set(try DatasetConfig.texts(list, member: "batchFilters.\(member)"))
        }
        self.init(ids: try names("ids"), channels: try names("channels"))
    }

    /// Whether there is no name.
    public var isEmpty: Bool { ids.isEmpty && channels.isEmpty }

    /// How many names there are; a name that can be either counts once.
    var count: Int { ids.union(channels).count }

    /// Whether a batch of that id, of a collection of that channel, is kept.
    func keep(batch: String, channel: String?) -> Bool {
        ids.contains(batch) || channel.map(channels.contains) ?? false
    }
}
