public import ReportModel
public import ReportPorts

/// Batches, collections and policies in memory.
public struct MemoryCatalogue: CatalogueSource, CatalogueBrowsing, PolicySource {
    private let tables: ImportTables
    /// What the relation cache says; there is no table of it.
    public var optionalNodesByCollection: [String: Set<String>] = [:]

    /// The catalogue of these tables.
    public init(_ tables: ImportTables) { self.tables = tables }

    private func rows(_ table: String, key: [String]) -> [JSONValue] {
        MemoryLearners(tables).rows(table, where: [:], key: key)
    }

    private var contents: [JSONValue] { rows("content", key: ["identifier"]) }

    /// As `CatalogueSource` says.
    public func batches(ids: [String]) async throws -> [BatchRecord] {
        try batches().filter { ids.contains($0.key.batch) }
    }

    /// As `CatalogueSource` says.
    public func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try batches().filter { ids.contains($0.key.collection) }
    }

    private func batches() throws -> [BatchRecord] {
        try rows("course_batch", key: ["courseid", "batchid"]).map { row in
            func either(_ new: String, _ old: String) -> String? {
                [row[new]?.cellText, row[old]?.cellText].lazy.compactMap { $0 }.first { !$0.isEmpty }
            }
            return BatchRecord(
                key: BatchKey(collection: row["courseid"]?.text ?? "", batch: row["batchid"]?.text ?? ""),
                name: row["name"]?.cellText, startDate: either("start_date", "startdate"),
                endDate: either("end_date", "enddate"), status: row["status"]?.cellNumber.map { Int($0) },
                createdBy: row["createdby"]?.cellText,
                mentors: (try row["mentors"]?.cellJSON()?.elements ?? []).compactMap(\.text))
        }.sorted { $0.key < $1.key }
    }

    /// As `CatalogueSource` says.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        ids.compactMap { id in contents.first { $0["identifier"]?.text == id } }.map(record)
            .filter { ["Live", "Unlisted", "Retired"].contains($0.status) }
    }

    /// Filters by equality and lists, which is what the service's tests ask for.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] {
        guard let filters = body["request"]?["filters"]?.objectMembers else {
            throw ExhaustError(.invalidInput, "searchFilter: it has no request.filters")
        }
        let status = JSONValue.Member("status", .string("Live"))
        let all = filters.contains { $0.name == "status" } ? filters : filters + [status]
        return contents.filter { content in
            all.allSatisfy { filter in
                let wanted = filter.value.elements ?? [filter.value]
                let values = content[filter.name].map { $0.elements ?? [$0] } ?? []
                return values.contains { wanted.contains($0) }
            }
        }.map(record).sorted { precedes($0.identifier, $1.identifier) }
    }

    /// As `CatalogueBrowsing` says.
    public func collections(_ query: CollectionQuery) async throws -> [CollectionRecord] {
        let batches = try batches().filter { batch in
            query.member.map { $0 == batch.createdBy || batch.mentors.contains($0) } ?? true
        }
        let withBatch = Set(batches.map(\.key.collection))
        let found = contents.map(record).filter {
            withBatch.contains($0.identifier) && ["Live", "Unlisted", "Retired"].contains($0.status)
                && query.matches(name: $0.name, identifier: $0.identifier)
        }
        return query.sorted(found)
    }

    /// As `CatalogueBrowsing` says.
    public func enrolmentCounts(of batches: [BatchKey]) async throws -> [BatchKey: EnrolmentCount] {
        var counts: [BatchKey: EnrolmentCount] = [:]
        for batch in batches {
            let rows = MemoryLearners(tables).rows(
                "user_enrolments", where: ["courseid": batch.collection, "batchid": batch.batch], key: ["userid"])
            if rows.isEmpty { continue }
            let active = rows.count { $0["active"]?.cellBool ?? false }
            counts[batch] = EnrolmentCount(enrolled: rows.count, active: active)
        }
        return counts
    }

    private func record(_ content: JSONValue) -> CollectionRecord {
        CollectionRecord(
            identifier: content["identifier"]?.text ?? "", name: content["name"]?.text ?? "",
            channel: content["channel"]?.text ?? "",
            asksForConsent: content["userConsent"]?.text?.lowercased() == "yes", status: content["status"]?.text ?? "",
            leafNodesCount: content["leafNodesCount"]?.integer.map(Int.init))
    }

    /// As `CatalogueSource` says.
    public func tree(of collection: String) async throws -> CollectionTree? {
        let row = rows("content_hierarchy", key: ["identifier"]).first { $0["identifier"]?.text == collection }
        return try row?["hierarchy"]?.cellJSON().map { try CollectionTree(json: $0, collection: collection) }
    }

    /// As `CatalogueSource` says.
    public func titles(of contents: [String]) async throws -> [String: String] {
        var titles: [String: String] = [:]
        for content in self.contents where content["status"]?.text == "Live" {
            guard let id = content["identifier"]?.text, contents.contains(id) else { continue }
            titles[id] = content["name"]?.text
        }
        return titles
    }

    /// What was set.
    public func optionalNodes(of collection: String) async throws -> Set<String> {
        optionalNodesByCollection[collection] ?? []
    }

    /// As `CatalogueSource` says.
    public func custodianOrganisation() async throws -> String? {
        let row = rows("system_settings", key: ["id"]).first { $0["id"]?.text == "custodianOrgId" }
        return row?["value"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// As `PolicySource` says.
    public func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        let policies = rows("tenant_preference", key: ["orgid", "key"]).filter {
            $0["key"]?.text == "dataSecurityPolicy"
        }
        let rows = [organisation, "default"].compactMap { owner in policies.first { $0["orgid"]?.text == owner } }
        guard let policy = try rows.first?["data"]?.cellJSON() else { return nil }
        let names = [policy["job"]?[report]?["level"]?.text, policy["level"]?.text].compactMap { $0 }
        guard let name = names.first(where: { !$0.isEmpty }) else { return nil }
        guard let level = SecurityLevel(rawValue: name) else {
            throw ExhaustError(.dataDamaged, "dataSecurityPolicy of \(organisation): there is no level \(name)")
        }
        return level
    }

    /// The PEM text in `organisation.keys.exhaustEncryptionKey`.
    public func publicKey(of organisation: String) async throws -> [UInt8]? {
        let row = rows("organisation", key: ["id"]).first { $0["id"]?.text == organisation }
        return try row?["keys"]?.cellJSON()?["exhaustEncryptionKey"]?.elements?.first?.text.map { Array($0.utf8) }
    }
}
