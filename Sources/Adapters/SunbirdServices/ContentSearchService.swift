public import HTTPClient
public import ReportModel
public import ReportPorts

/// The content search of the platform (upstream.md 1.12), paged to the end.
public struct ContentSearchService: ContentSource {
    /// Identifiers in one call.
    static let identifiersPerCall = 100
    static let fields = ["identifier", "name", "channel", "userConsent", "status", "leafNodesCount"]

    let call: PlatformCall
    private let options: ServiceOptions

    /// The search at `address`, asked by `client`. Throws `invalidInput` for an address that cannot be asked.
    public init(_ address: String, options: ServiceOptions, client: any WebClient) throws {
        call = try PlatformCall("content search", address, client, options.patience)
        self.options = options
    }

    /// As `CatalogueSource.collections`, in the order of `ids`.
    public func collections(ids: [String]) async throws -> [CollectionRecord] {
        let statuses = ["Live", "Unlisted", "Retired"]
        let found = try await contents(ids, filters: [("status", .array(statuses.map(JSONValue.string)))])
            .filter { statuses.contains($0.status) }
        let places = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return found.sorted { (places[$0.identifier] ?? .max) < (places[$1.identifier] ?? .max) }
    }

    /// As `CatalogueSource.titles`; without a status the service knows only what is Live.
    public func titles(of contents: [String]) async throws -> [String: String] {
        let found = try await self.contents(contents, filters: [("status", .array([.string("Live")]))])
        let named = found.filter { !$0.name.isEmpty }
        return Dictionary(named.map { ($0.identifier, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// As `CatalogueSource.search`. Throws `invalidInput` for a search without filters and for one that the service does not
    /// take, `limitExceeded` for one with more hits than it shows, `unavailable` if hits come and go while they are read.
    public func search(_ body: JSONValue) async throws -> [CollectionRecord] {
        try await hits(of: body) { answer in
            guard answer.status == 400, try call.document(answer)["responseCode"]?.text == "CLIENT_ERROR" else {
                return
            }
            throw ExhaustError(
                .invalidInput, "content search: the service does not take these filters",
                remedy: "Correct the searchFilter of the request.")
        }
    }

    private func hits(
        of body: JSONValue, check: (WebAnswer) throws -> Void = { _ in }
    ) async throws -> [CollectionRecord] {
        guard let request = body["request"], let filters = request["filters"]?.objectMembers, !filters.isEmpty else {
            throw ExhaustError(
                .invalidInput, "content search: it has no request.filters", remedy: "Give the search filters.")
        }
        var found: [CollectionRecord] = []
        var places: Set<String> = []
        var seen = 0
        while true {
            let answer = try await call.ask(.members(("request", page(of: request, offset: seen))))
            try check(answer)
            let result = try call.result(answer)
            guard let count = result["count"]?.integer else { throw call.unreadable(nil) }
            guard count <= options.hitLimit else {
                throw ExhaustError(
                    .limitExceeded, "content search: it has \(count) hits, and \(options.hitLimit) is the limit",
                    remedy: "Narrow the search.")
            }
            let hits = Self.hits(in: result)
            for hit in hits {
                guard let record = CollectionRecord(content: hit) else { continue }
                if places.insert(record.identifier).inserted { found.append(record) }
            }
            seen += hits.count
            if seen >= count { break }
            guard !hits.isEmpty else { throw changed }
        }
        // A hit that moved to another page meanwhile is seen twice, and another one not at all.
        guard found.count == seen else { throw changed }
        return found
    }

    /// The hits of every kind that an answer has.
    static func hits(in result: JSONValue) -> [JSONValue] {
        (result.objectMembers ?? []).filter { $0.name.lowercased() != "count" && $0.name != "facets" }
            .flatMap { $0.value.elements ?? [] }
    }

    private func contents(_ ids: [String], filters: [(String, JSONValue)]) async throws -> [CollectionRecord] {
        var found: [CollectionRecord] = []
        let distinct = Array(Set(ids)).sorted()
        for start in stride(from: 0, to: distinct.count, by: Self.identifiersPerCall) {
            let some = distinct[start..<min(distinct.count, start + Self.identifiersPerCall)]
            let all = [("identifier", JSONValue.array(some.map(JSONValue.string)))] + filters
            let body = JSONValue.object(all.map { JSONValue.Member($0.0, $0.1) })
            found += try await hits(of: .members(("request", .members(("filters", body)))))
        }
        return found
    }

    /// The request with our own page and fields; in an order that stays, so that pages fit together.
    private func page(of request: JSONValue, offset: Int) -> JSONValue {
        let ours = ["limit", "offset", "fields", "facets"]
        var members = (request.objectMembers ?? []).filter { !ours.contains($0.name) }
        if request["sort_by"] == nil {
            members.append(.init("sort_by", .members(("identifier", .string("asc")))))
        }
        members.append(.init("fields", .array(Self.fields.map(JSONValue.string))))
        members.append(.init("limit", .integer(options.pageLength)))
        members.append(.init("offset", .integer(offset)))
        return .object(members)
    }

    private var changed: ExhaustError {
        ExhaustError(
            .unavailable, "content search: its hits changed while they were read", remedy: "Ask again.",
            mender: .operator)
    }
}
