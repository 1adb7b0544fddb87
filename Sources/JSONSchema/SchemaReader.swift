import ReportModel

/// Reads the keywords of one schema.
struct SchemaReader {
    let json: JSONValue
    let path: String

    /// What the value itself has to fulfil, by keyword in the order of their names, which is the order of upstream's
    /// validator.
    func demands() throws(ExhaustError) -> [Demand] {
        var demands: [Demand] = []
        if let places = json["items"]?.elements, json["additionalItems"] == .bool(false) {
            demands.append(.noFurtherItems(allowed: places.count))
        }
        if json["additionalProperties"] == .bool(false) { demands.append(.noOtherProperties) }
        if let schemas = try schemaList("allOf") { demands.append(.all(schemas)) }
        if let schemas = try schemaList("anyOf") { demands.append(.any(schemas)) }
        if let value = json["const"] { demands.append(.values(.init([value]))) }
        if let needs = try dependencies() { demands.append(.dependencies(needs)) }
        if let values = json["enum"] {
            guard let values = values.elements, !values.isEmpty else { throw invalid("enum", "must be a list") }
            demands.append(.values(.init(values)))
        }
        if let bound = try strictBound("exclusiveMaximum") { demands.append(.below(bound, isStrict: true)) }
        if let bound = try strictBound("exclusiveMinimum") { demands.append(.above(bound, isStrict: true)) }
        try readCounts("max", into: &demands) { .init(least: nil, most: $0) }
        if let bound = try bound("maximum") {
            demands.append(.below(bound, isStrict: json["exclusiveMaximum"] == .bool(true)))
        }
        try readCounts("min", into: &demands) { .init(least: $0, most: nil) }
        if let bound = try bound("minimum") {
            demands.append(.above(bound, isStrict: json["exclusiveMinimum"] == .bool(true)))
        }
        if let bound = try bound("multipleOf") {
            guard bound.value > 0 else { throw invalid("multipleOf", "must be more than 0") }
            demands.append(.multiple(bound))
        }
        if let schema = json["not"] { demands.append(.no(try SchemaNode(schema, at: "\(path).not"))) }
        if let schemas = try schemaList("oneOf") { demands.append(.one(schemas)) }
        if let pattern = json["pattern"] {
            guard let text = pattern.text else { throw invalid("pattern", "must be text") }
            demands.append(.pattern(try Pattern(text)))
        }
        if let names = json["required"] { demands.append(.required(try texts(names, "required").sorted())) }
        if let types = try types() { demands.append(.type(types)) }
        if json["uniqueItems"] == .bool(true) { demands.append(.uniqueItems) }
        return demands
    }

    private struct Counts {
        var least: Int?
        var most: Int?
    }

    private func readCounts(
        _ prefix: String, into demands: inout [Demand], _ counts: (Int) -> Counts
    ) throws(ExhaustError) {
        func read(_ keyword: String) throws(ExhaustError) -> Counts? {
            guard let value = json[keyword] else { return nil }
            guard let count = value.integer, count >= 0 else { throw invalid(keyword, "must be a whole number") }
            return counts(Int(clamping: count))
        }
        if let items = try read("\(prefix)Items") { demands.append(.itemCount(least: items.least, most: items.most)) }
        if let length = try read("\(prefix)Length") { demands.append(.length(least: length.least, most: length.most)) }
        if let count = try read("\(prefix)Properties") {
            demands.append(.propertyCount(least: count.least, most: count.most))
        }
    }

    private func bound(_ keyword: String) throws(ExhaustError) -> Demand.Bound? {
        guard let value = json[keyword] else { return nil }
        guard case .number(let digits) = value, let double = Double(digits), double.isFinite else {
            throw invalid(keyword, "must be a number")
        }
        return Demand.Bound(digits: digits, value: double)
    }

    /// In draft 4 `true` or `false` beside the bound, later a bound of its own.
    private func strictBound(_ keyword: String) throws(ExhaustError) -> Demand.Bound? {
        json[keyword]?.bool == nil ? try bound(keyword) : nil
    }

    private func types() throws(ExhaustError) -> Set<ValueType>? {
        guard let value = json["type"] else { return nil }
        var types: Set<ValueType> = []
        let names = if let name = value.text { [name] } else { try texts(value, "type") }
        for name in names {
            guard let type = ValueType(rawValue: name) else { throw invalid("type", "there is no type \(name)") }
            types.insert(type)
        }
        if types.contains(.number) { types.insert(.integer) }
        return types
    }

    private func dependencies() throws(ExhaustError) -> [(property: String, needs: Demand.Dependency)]? {
        guard let value = json["dependencies"] else { return nil }
        guard let members = value.objectMembers else { throw invalid("dependencies", "must be an object") }
        var all: [(property: String, needs: Demand.Dependency)] = []
        for member in members {
            if member.value.elements != nil {
                all.append((member.name, .properties(try texts(member.value, "dependencies").sorted())))
            } else {
                let schema = try SchemaNode(member.value, at: "\(path).dependencies.\(member.name)")
                all.append((member.name, .schema(schema)))
            }
        }
        return all
    }

    /// A keyword that names schemas by member.
    func schemas(_ keyword: String) throws(ExhaustError) -> [String: SchemaNode] {
        guard let value = json[keyword] else { return [:] }
        guard let members = value.objectMembers else { throw invalid(keyword, "must be an object") }
        var schemas: [String: SchemaNode] = [:]
        for member in members { schemas[member.name] = try SchemaNode(member.value, at: "\(path).\(member.name)") }
        return schemas
    }

    /// A keyword that is a schema, or says whether others are allowed.
    func others(_ keyword: String) throws(ExhaustError) -> SchemaNode.Others {
        switch json[keyword] {
        case nil, .bool(true): .allowed
        case .bool(false): .refused
        case .some(let schema): .schema(try SchemaNode(schema, at: "\(path).\(keyword)"))
        }
    }

    private func schemaList(_ keyword: String) throws(ExhaustError) -> [SchemaNode]? {
        guard let value = json[keyword] else { return nil }
        guard let elements = value.elements, !elements.isEmpty else { throw invalid(keyword, "must be a list") }
        var schemas: [SchemaNode] = []
        for (place, element) in elements.enumerated() {
            schemas.append(try SchemaNode(element, at: "\(path).\(keyword)[\(place)]"))
        }
        return schemas
    }

    private func texts(_ value: JSONValue, _ keyword: String) throws(ExhaustError) -> [String] {
        let texts = (value.elements ?? []).compactMap(\.text)
        guard let elements = value.elements, elements.count == texts.count else {
            throw invalid(keyword, "must be a list of texts")
        }
        return texts
    }

    private func invalid(_ keyword: String, _ reason: String) -> ExhaustError {
        SchemaNode.invalid("\(path).\(keyword)", reason)
    }
}
