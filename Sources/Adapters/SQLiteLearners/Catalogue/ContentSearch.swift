import ReportModel

/// A content search as its body asks for it (upstream.md 1.12, 4.3), over contents with all their fields.
///
/// Filters hold all at once. `fields`, `facets` and `limit` change nothing: every hit is needed, with what a record holds.
struct ContentSearch: Sendable {
    private let filters: [(field: String, condition: ContentCondition)]
    private let order: [(field: String, isDescending: Bool)]
    private let offset: Int
    /// The identifiers that are asked for, if the search names them.
    let identifiers: [String]?

    /// Reads the body of a search. Throws `invalidInput` for what this store cannot answer.
    init(body: JSONValue) throws(ExhaustError) {
        guard let request = body["request"], let filters = request["filters"]?.objectMembers else {
            throw Self.refusal("it has no request.filters")
        }
        if let query = request["query"], query.text?.isEmpty != true, !query.isNull {
            throw Self.refusal("it has a query text, which only the search service can answer")
        }
        var conditions: [(String, ContentCondition)] = []
        for filter in filters where !filter.value.isNull {
            conditions.append((filter.name, try ContentCondition(field: filter.name, filter.value)))
        }
        for field in request["exists"]?.elements ?? [] {
            if let name = field.text { conditions.append((name, .exists)) }
        }
        for field in request["not_exists"]?.elements ?? [] {
            if let name = field.text { conditions.append((name, .missing)) }
        }
        // As the service has it.
        if request["filters"]?["status"] == nil { conditions.append(("status", .anyOf([.string("Live")]))) }
        self.filters = conditions
        order = (request["sort_by"]?.objectMembers ?? []).map { ($0.name, $0.value.text?.lowercased() == "desc") }
        offset = max(0, Int(clamping: request["offset"]?.integer ?? 0))
        identifiers = filters.first { $0.name == "identifier" }.flatMap { filter in
            switch filter.value {
            case .string(let identifier): [identifier]
            case .array(let values): values.compactMap(\.text)
            default: nil
            }
        }
    }

    /// Whether a content meets all filters.
    func matches(_ content: JSONValue) -> Bool {
        filters.allSatisfy { $0.condition.holds(for: content[$0.field]) }
    }

    /// Hits in the order that was asked for, ties by identifier, from the offset on.
    func arranged(_ hits: [JSONValue]) -> [JSONValue] {
        let sorted = hits.sorted { left, right in
            for (field, isDescending) in order {
                let comparison = ContentCondition.compare(left[field], right[field])
                if comparison != 0 { return isDescending ? comparison > 0 : comparison < 0 }
            }
            return ContentCondition.compare(left["identifier"], right["identifier"]) < 0
        }
        return Array(sorted.dropFirst(offset))
    }

    static func refusal(_ why: String) -> ExhaustError {
        ExhaustError(
            .invalidInput, "searchFilter: \(why)", remedy: "Send a body such as {\"request\":{\"filters\":{}}}.")
    }
}
