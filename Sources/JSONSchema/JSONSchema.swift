public import ReportModel

/// A JSON schema (draft 4, and what drafts 6 and 7 write differently of the same), with the messages of the validator that
/// upstream uses (upstream.md 2.4): its texts, and its order, so that the first failure is the same.
public struct JSONSchema: Sendable {
    /// Values that one check looks at, at the most, counted once for every schema that they are held against.
    static let checkLimit = 100_000
    /// Steps of all patterns of one check together, at the most: well under a second.
    static let stepLimit = 1_000_000

    private let root: SchemaNode

    /// Reads a schema. Throws `invalidInput` if it is none, or says something with a keyword that is not known here: what
    /// cannot be checked must not count as fulfilled.
    public init(_ json: JSONValue) throws(ExhaustError) { root = try SchemaNode(json, at: "schema") }

    /// The first thing that `instance` does not fulfil, in the words of upstream's validator; nil if it fulfils all. Throws
    /// `limitExceeded` if the check costs too much.
    public func firstFailure(of instance: JSONValue) throws(ExhaustError) -> String? {
        var checking = SchemaChecking(budget: Self.checkLimit, steps: Self.stepLimit)
        return try checking.failure(of: instance, against: root)
    }
}

/// A schema, taken apart.
final class SchemaNode: Sendable {
    /// What stands for the members, or the elements, that have no schema of their own.
    enum Others: Sendable {
        case allowed
        case refused
        case schema(SchemaNode)
    }

    /// What the schema demands of the value itself, in the order in which it is checked.
    let demands: [Demand]
    /// `properties`.
    let properties: [String: SchemaNode]
    /// `patternProperties`.
    let patternProperties: [(pattern: Pattern, schema: SchemaNode)]
    /// `additionalProperties`.
    let otherProperties: Others
    /// `items` where it is a list: one schema a place.
    let places: [SchemaNode]
    /// `items` where it is one schema, or `additionalItems`.
    let otherItems: Others

    /// `path` says in errors where the schema stands.
    init(_ json: JSONValue, at path: String) throws(ExhaustError) {
        let json = json == .bool(true) ? .object([]) : json == .bool(false) ? .members(("not", .object([]))) : json
        guard let members = json.objectMembers else { throw Self.invalid(path, "a schema must be an object") }
        if let unknown = members.first(where: { Self.unsupported.contains($0.name) }) {
            throw Self.invalid(path, "keyword \(unknown.name) is not supported")
        }
        let reader = SchemaReader(json: json, path: path)
        properties = try reader.schemas("properties")
        var patterns: [(Pattern, SchemaNode)] = []
        for (name, schema) in try reader.schemas("patternProperties").sorted(by: { $0.key < $1.key }) {
            patterns.append((try Pattern(name), schema))
        }
        patternProperties = patterns
        otherProperties = try reader.others("additionalProperties")
        if case .array(let list)? = json["items"] {
            var places: [SchemaNode] = []
            for (place, element) in list.enumerated() {
                places.append(try SchemaNode(element, at: "\(path).items[\(place)]"))
            }
            self.places = places
            otherItems = try reader.others("additionalItems")
        } else {
            places = []
            otherItems = try reader.others("items")
        }
        demands = try reader.demands()
    }

    /// Keywords of later drafts, or of draft 3, that demand something and are not checked here. `$ref` can go in circles.
    private static let unsupported: Set<String> = [
        "$ref", "$dynamicRef", "$recursiveRef", "if", "then", "else", "contains", "minContains", "maxContains",
        "propertyNames", "prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedItems",
        "unevaluatedProperties", "disallow", "extends", "divisibleBy",
    ]

    static func invalid(_ path: String, _ reason: String) -> ExhaustError {
        ExhaustError(.invalidInput, "\(path): \(reason)", remedy: "Write the schema in the keywords of draft 4.")
    }
}
