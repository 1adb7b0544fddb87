public import ReportModel

/// The `datasetConfig` of a request: which batches, in which layout. Kept as JSON in `request_data`.
public struct DatasetConfig: Sendable, Hashable {
    /// Which batches a request is about (upstream.md 4.1).
    public enum Selection: Sendable, Hashable {
        /// `batchId`.
        case batch(String)
        /// `batchFilter`: ids, in which repetitions and unknown ones are passed over.
        case batches([String])
        /// `searchFilter`, in the oldest dialect `contentFilters`: the body of a content search; every batch of the
        /// collections that it finds.
        case search(JSONValue)
        /// `batchFilters` alone: batches with one of these ids, and those of collections of one of these channels.
        case named(BatchNames)
    }

    /// Which batches.
    public var selection: Selection
    /// `batchFilters` beside another selection: of its batches only those that it names; nil keeps all.
    public var kept: BatchNames?
    /// `allowedBatches`: of the batches that a search finds only these, which the requester may have; nil is all. Only the
    /// service writes it, when somebody files a search who may not have every batch.
    public private(set) var allowed: Set<BatchKey>?
    /// `layout`; nil leaves it to the setting.
    public var layout: ReportLayout?
    /// `csvColumns`: field names of columns in layout `sunbird`; nil is all.
    public var columns: [String]?
    /// `csvByteOrderMark`: whether CSV begins with the mark by which older Excel knows UTF-8; nil leaves it to the
    /// setting `csv.bom`. The page asks for it (design.md 6.3).
    public var byteOrderMark: Bool?
    /// The whole config, as it was sent.
    public var json: JSONValue

    /// A config of a selection, with its JSON made.
    public init(selection: Selection, layout: ReportLayout? = nil, columns: [String]? = nil) {
        self.selection = selection
        self.layout = layout
        self.columns = columns
        var members: [JSONValue.Member] =
            switch selection {
            case .batch(let id): [.init("batchId", .string(id))]
            case .batches(let ids): [.init("batchFilter", .array(ids.map(JSONValue.string)))]
            case .search(let body): [.init("searchFilter", body)]
            case .named(let names):
                [
                    .init(
                        "batchFilters",
                        .members(
                            ("ids", .array(names.ids.sorted().map(JSONValue.string))),
                            ("channels", .array(names.channels.sorted().map(JSONValue.string)))))
                ]
            }
        if let layout { members.append(.init("layout", .string(layout.rawValue))) }
        if let columns { members.append(.init("csvColumns", .array(columns.map(JSONValue.string)))) }
        json = .object(members)
    }

    /// Reads a config; `batchId` counts before `batchFilter`, then `searchFilter`, `contentFilters` and `batchFilters`.
    /// Members that are null count as absent, and are not stored (design.md 9); others, such as `reportPath` of the
    /// oldest dialect, are stored and not used. Throws `invalidInput`.
    public init(json whole: JSONValue) throws(ExhaustError) {
        guard whole.objectMembers != nil else { throw Self.invalid("it is no JSON object") }
        self.json = whole
        let json = whole.droppingNullMembers()
        let names = try json["batchFilters"].map { value throws(ExhaustError) in try BatchNames(json: value) }
        selection = try Self.selection(in: json, names)
        if case .named = selection { kept = nil } else { kept = names?.isEmpty == true ? nil : names }
        allowed = try json[Self.allowedMember].map { value throws(ExhaustError) in try Self.batches(value) }
        if let layout = json["layout"] {
            guard let known = layout.text.flatMap(ReportLayout.init(rawValue:)) else {
                throw Self.invalid("layout must be one of documented, sunbird")
            }
            self.layout = known
        }
        if let columns = json["csvColumns"] { self.columns = try Self.texts(columns, member: "csvColumns") }
        if let mark = json["csvByteOrderMark"] {
            guard case .bool(let isWanted) = mark else { throw Self.invalid("csvByteOrderMark must be true or false") }
            byteOrderMark = isWanted
        }
    }

    /// How many batches count against the limit of a request: as upstream, repetitions count, a search does not.
    public var countedBatches: Int {
        switch selection {
        case .batch: 1
        case .batches(let ids): ids.count
        case .search: 0
        case .named(let names): names.count
        }
    }

    /// Whether the batches are known only when the run begins, since the hits of a search change.
    public var isSearch: Bool {
        switch selection {
        case .batch, .batches: false
        case .search: true
        case .named(let names): !names.channels.isEmpty
        }
    }

    private static func selection(in json: JSONValue, _ names: BatchNames?) throws(ExhaustError) -> Selection {
        if let batch = json["batchId"] {
            guard let id = batch.text else { throw invalid("batchId must be text") }
            return .batch(id)
        }
        if let filter = json["batchFilter"] { return .batches(try texts(filter, member: "batchFilter")) }
        for member in ["searchFilter", "contentFilters"] {
            guard let search = json[member] else { continue }
            guard search.objectMembers != nil else { throw invalid("\(member) must be a JSON object") }
            return .search(search)
        }
        if let names, !names.isEmpty { return .named(names) }
        // upstream.md 3.7, spelling included: tools look for this text.
        throw ExhaustError(
            .invalidInput, "Request should have either of batchId, batchFilter, searchFilter or encrption key",
            remedy: "Name one batch as batchId, several as batchFilter, or a content search as searchFilter.")
    }

    static func texts(_ value: JSONValue, member: String) throws(ExhaustError) -> [String] {
        guard let elements = value.elements else { throw invalid("\(member) must be a list of texts") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.text else { throw invalid("\(member) must be a list of texts") }
            texts.append(text)
        }
        return texts
    }

    static func invalid(_ reason: String) -> ExhaustError {
        ExhaustError(.invalidInput, "datasetConfig: \(reason)", remedy: "Correct the datasetConfig of the request.")
    }
}

/// Searches of people who may not have every batch.
extension DatasetConfig {
    private static let allowedMember = "allowedBatches"

    /// This config as somebody sent it, without what the service wrote into it.
    public var asSent: DatasetConfig {
        var sent = self
        sent.allowed = nil
        sent.json = Self.asSent(json)
        return sent
    }

    /// The JSON of a config without what the service writes into it; what is no object stays as it is.
    public static func asSent(_ json: JSONValue) -> JSONValue {
        guard let members = json.objectMembers else { return json }
        return .object(members.filter { $0.name != allowedMember })
    }

    /// This config for a requester who may have these batches, which it was found to be about: what a search finds later
    /// is not added. A config that names its batches is not changed.
    public func limited(to batches: [BatchRecord]) -> DatasetConfig {
        var limited = asSent
        guard isSearch else { return limited }
        limited.allowed = Set(batches.map(\.key))
        let byCollection = Dictionary(grouping: batches.map(\.key), by: \.collection)
        let json: JSONValue = .object(
            byCollection.sorted { $0.key < $1.key }.map { collection, keys in
                .init(collection, .array(keys.map(\.batch).sorted().map(JSONValue.string)))
            })
        limited.json = .object((limited.json.objectMembers ?? []) + [.init(Self.allowedMember, json)])
        return limited
    }

    private static func batches(_ json: JSONValue) throws(ExhaustError) -> Set<BatchKey> {
        guard let collections = json.objectMembers else { throw invalid("\(allowedMember) must be an object") }
        var keys: Set<BatchKey> = []
        for collection in collections {
            for batch in try texts(collection.value, member: allowedMember) {
                keys.insert(BatchKey(collection: collection.name, batch: batch))
            }
        }
        return keys
    }
}
