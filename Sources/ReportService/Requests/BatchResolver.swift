import ReportModel
import ReportPorts

/// The batches that a request is about, with what was passed over on the way.
struct Resolution: Sendable {
    /// The batches, by batch id, then collection id.
    var batches: [ResolvedBatch]
    /// What was passed over.
    var findings: [Finding.Code: Int]
}

/// Finds the batches of a selection and their collections (upstream.md 4, design.md 6).
struct BatchResolver: Sendable {
    let catalogue: any CatalogueSource

    /// Resolves the batches of `config` for `channel`; the channel `System` stands for each collection's own organisation.
    /// `tag` is the request's, which often names the collection. Throws `notFound` if no batch is found, `refused` if all
    /// are of retired collections.
    func resolve(_ config: DatasetConfig, channel: String, tag: String? = nil) async throws -> Resolution {
        var findings: [Finding.Code: Int] = [:]
        var records: [BatchRecord]
        let collections: [CollectionRecord]
        switch config.selection {
        case .batch(let id):
            (records, collections) = try await batches(ids: [id], tag, &findings)
        case .batches(let ids):
            (records, collections) = try await batches(ids: Self.withoutRepetition(ids), tag, &findings)
        case .search(let body):
            collections = try await catalogue.search(body)
            records = try await catalogue.batches(ofCollections: collections.map(\.identifier))
            if records.isEmpty { throw Self.nothingFound("the search finds no collection that has a batch") }
        case .named(let names):
            (records, collections) = try await batches(named: names, &findings)
        }
        let custodian = try await catalogue.custodianOrganisation()
        let known = Dictionary(collections.map { ($0.identifier, $0) }) { first, _ in first }
        if let kept = config.kept {
            records.removeAll { !kept.keep(batch: $0.key.batch, channel: known[$0.key.collection]?.channel) }
            if records.isEmpty {
                throw Self.nothingFound("none of the batches has an id or a channel that batchFilters names")
            }
        }
        if let allowed = config.allowed {
            let found = records.count
            records.removeAll { !allowed.contains($0.key) }
            if found > records.count { findings[.batchNotAllowed] = found - records.count }
            if records.isEmpty {
                throw Self.nothingFound("the search finds no batch any more that the requester may have")
            }
        }
        var resolved: [ResolvedBatch] = []
        for record in records.sorted(by: { $0.key < $1.key }) {
            guard let collection = known[record.key.collection], !collection.isRetired else {
                findings[.retiredCollection, default: 0] += 1
                continue
            }
            resolved.append(
                ResolvedBatch(
                    batch: record, collection: collection,
                    requestingOrganisation: channel == Self.system ? collection.channel : channel,
                    custodianOrganisation: custodian))
        }
        if resolved.isEmpty {
            // upstream.md 3.7: tools look for this text.
            throw ExhaustError(
                .refused, "The request is made for retired collection",
                remedy: "Ask for a batch of a collection whose status is Live or Unlisted.")
        }
        return Resolution(batches: resolved, findings: findings)
    }

    /// The requesting organisation where nobody asks (upstream.md 3.9).
    static let system = "System"

    private func batches(
        ids: [String], _ tag: String?, _ findings: inout [Finding.Code: Int]
    ) async throws -> ([BatchRecord], [CollectionRecord]) {
        let records = try await catalogue.batches(
            ids: ids, likelyIn: tag.map { Self.collections(namedBy: $0, batches: ids) } ?? [])
        if records.isEmpty {
            throw Self.nothingFound(
                ids.isEmpty
                    ? "the request names no batch"
                    : "no batch has the id \(ids.prefix(5).joined(separator: ", "))\(ids.count > 5 ? ", …" : "")")
        }
        let unknown = Set(ids).subtracting(records.map(\.key.batch)).count
        if unknown > 0 { findings[.unknownBatch] = unknown }
        let collections = try await catalogue.collections(ids: Self.withoutRepetition(records.map(\.key.collection)))
        return (records, collections)
    }

    /// The collection in a tag as the portal makes it: `<collection>_<batch>`, stored with `:<channel>` behind it.
    static func collections(namedBy tag: String, batches ids: [String]) -> [String] {
        let own = tag.lastIndex(of: ":").map { tag[..<$0] } ?? tag[...]
        return ids.compactMap { id in
            own.hasSuffix("_\(id)") && own.utf8.count > id.utf8.count + 1 ? String(own.dropLast(id.count + 1)) : nil
        }
    }

    /// Batches by id, and all batches of the collections of a channel.
    private func batches(
        named names: BatchNames, _ findings: inout [Finding.Code: Int]
    ) async throws -> ([BatchRecord], [CollectionRecord]) {
        var records: Set<BatchRecord> = []
        if !names.ids.isEmpty { records.formUnion(try await catalogue.batches(ids: names.ids.sorted())) }
        var found: [CollectionRecord] = []
        if !names.channels.isEmpty {
            found = try await catalogue.search(Self.search(ofChannels: names.channels))
            records.formUnion(try await catalogue.batches(ofCollections: found.map(\.identifier)))
        }
        if records.isEmpty { throw Self.nothingFound("no batch has an id or a channel that batchFilters names") }
        let known = Set(records.map(\.key.batch)).union(found.map(\.channel))
        let unknown = names.ids.union(names.channels).subtracting(known).count
        if unknown > 0 { findings[.unknownBatch] = unknown }
        let missing = Set(records.map(\.key.collection)).subtracting(found.map(\.identifier))
        if !missing.isEmpty { found += try await catalogue.collections(ids: missing.sorted()) }
        return (Array(records), found)
    }

    private static func search(ofChannels channels: Set<String>) -> JSONValue {
        let filters: JSONValue = .members(
            ("channel", .array(channels.sorted().map(JSONValue.string))),
            ("status", .array([.string("Live"), .string("Unlisted")])))
        return .members(("request", .members(("filters", filters))))
    }

    private static func nothingFound(_ reason: String) -> ExhaustError {
        // upstream.md 3.7 says `No data found` alone; the reason is ours.
        ExhaustError(.notFound, "No data found: \(reason)", remedy: "Check the batch ids or the search.")
    }

    private static func withoutRepetition(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}
