import ReportModel

/// The shape of a JSON value, as much of JSON Schema as our answers need (OpenAPI 3.1).
indirect enum Schema: Sendable {
    case text
    /// Text of a form, such as `date-time`.
    case formatted(String)
    case choice([String])
    case integer
    case number
    case flag
    case list(Schema)
    /// Members by name; those in `optional` may be missing. `isOpen`: others may be there.
    case object([(name: String, schema: Schema)], optional: Set<String> = [], isOpen: Bool = false)
    /// A component.
    case reference(String)
    case nullable(Schema)
    case anything

    var json: JSONValue {
        switch self {
        case .text: .members(("type", .string("string")))
        case .formatted(let form): .members(("type", .string("string")), ("format", .string(form)))
        case .choice(let words): .members(("type", .string("string")), ("enum", .array(words.map(JSONValue.string))))
        case .integer: .members(("type", .string("integer")))
        case .number: .members(("type", .string("number")))
        case .flag: .members(("type", .string("boolean")))
        case .list(let element): .members(("type", .string("array")), ("items", element.json))
        case .object(let members, let optional, let isOpen):
            .members(
                ("type", .string("object")),
                ("properties", .object(members.map { .init($0.name, $0.schema.json) })),
                ("required", .array(members.map(\.name).filter { !optional.contains($0) }.map(JSONValue.string))),
                ("additionalProperties", .bool(isOpen)))
        case .reference(let name): .members(("$ref", .string("#/components/schemas/\(name)")))
        case .nullable(let schema): .members(("anyOf", .array([schema.json, .members(("type", .string("null")))])))
        case .anything: .object([])
        }
    }
}
