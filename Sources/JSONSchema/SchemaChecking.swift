import ReportModel

/// Holds values against schemas, for as long as the budget lasts.
struct SchemaChecking {
    private var budget: Int
    /// What is left for patterns.
    private var steps: Int

    init(budget: Int, steps: Int) {
        self.budget = budget
        self.steps = steps
    }

    /// The first failure: of what is demanded of the value itself, then of its members by name, or its elements.
    mutating func failure(of value: JSONValue, against schema: SchemaNode) throws(ExhaustError) -> String? {
        budget -= 1
        guard budget > 0 else {
            throw ExhaustError(
                .limitExceeded, "schema: over \(JSONSchema.checkLimit) values to check",
                remedy: "Send a smaller request.")
        }
        for demand in schema.demands {
            if let failure = try failure(of: value, demand, in: schema) { return failure }
        }
        switch value {
        case .object(let members):
            for member in members.sorted(by: { $0.name < $1.name }) {
                for schema in try schemas(of: member.name, in: schema) {
                    if let failure = try failure(of: member.value, against: schema) { return failure }
                }
            }
        case .array(let elements):
            for (place, element) in elements.enumerated() {
                guard let schema = Self.schema(ofPlace: place, in: schema) else { continue }
                if let failure = try failure(of: element, against: schema) { return failure }
            }
        default: break
        }
        return nil
    }

    private mutating func failure(
        of value: JSONValue, _ demand: Demand, in schema: SchemaNode
    ) throws(ExhaustError) -> String? {
        switch demand {
        case .all(let schemas):
            let count = try matches(value, schemas)
            return count == schemas.count ? nil : DemandText.all(count, schemas.count)
        case .any(let schemas):
            return try matches(value, schemas) > 0 ? nil : DemandText.any(schemas.count)
        case .one(let schemas):
            let count = try matches(value, schemas)
            return count == 1 ? nil : DemandText.one(count, schemas.count)
        case .no(let schema):
            return try failure(of: value, against: schema) == nil ? DemandText.no : nil
        case .dependencies(let all):
            for (property, needs) in all where value[property] != nil {
                switch needs {
                case .properties(let names):
                    let missing = names.filter { value[$0] == nil }
                    if !missing.isEmpty { return DemandText.dependency(property, names, missing) }
                case .schema(let schema):
                    if let failure = try failure(of: value, against: schema) { return failure }
                }
            }
            return nil
        case .noOtherProperties:
            guard let members = value.objectMembers else { return nil }
            var others: [String] = []
            for member in members where try namedSchemas(of: member.name, in: schema).isEmpty {
                others.append(member.name)
            }
            return others.isEmpty ? nil : DemandText.others(others.sorted())
        default:
            return try demand.failure(of: value, &steps)
        }
    }

    private mutating func matches(_ value: JSONValue, _ schemas: [SchemaNode]) throws(ExhaustError) -> Int {
        var count = 0
        for schema in schemas where try failure(of: value, against: schema) == nil { count += 1 }
        return count
    }

    private mutating func namedSchemas(of member: String, in schema: SchemaNode) throws(ExhaustError) -> [SchemaNode] {
        var schemas: [SchemaNode] = []
        if let property = schema.properties[member] { schemas.append(property) }
        for (pattern, schema) in schema.patternProperties where try pattern.matches(member, &steps) {
            schemas.append(schema)
        }
        return schemas
    }

    private mutating func schemas(of member: String, in schema: SchemaNode) throws(ExhaustError) -> [SchemaNode] {
        let named = try namedSchemas(of: member, in: schema)
        if named.isEmpty, case .schema(let other) = schema.otherProperties { return [other] }
        return named
    }

    private static func schema(ofPlace place: Int, in schema: SchemaNode) -> SchemaNode? {
        if place < schema.places.count { return schema.places[place] }
        if case .schema(let other) = schema.otherItems { return other }
        return nil
    }
}
