import ReportModel

/// Holds answers against the OpenAPI document, as a strict client does: as much of JSON Schema as the document uses.
struct DocumentedShape {
    let document: JSONValue

    /// Where `value` is not as `schema` says; empty if it is.
    func differences(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        if let name = schema["$ref"]?.text?.split(separator: "/").last {
            guard let named = document.at("components.schemas")?[String(name)] else { return ["\(path): no \(name)"] }
            return differences(value, named, at: path)
        }
        if let choices = schema["anyOf"]?.elements {
            let fits = choices.contains { differences(value, $0, at: path).isEmpty }
            return fits ? [] : ["\(path): \(value.compactText) is none of \(schema.compactText)"]
        }
        guard let type = schema["type"]?.text else { return [] }
        guard type == Self.type(of: value) || (type == "number" && Self.type(of: value) == "integer") else {
            return ["\(path): \(value.compactText) is no \(type)"]
        }
        if let words = schema["enum"]?.elements, !words.contains(value) { return ["\(path): \(value.compactText)"] }
        if let elements = value.elements, let items = schema["items"] {
            return elements.enumerated().flatMap { differences($1, items, at: "\(path)[\($0)]") }
        }
        guard let members = value.objectMembers else { return [] }
        let names = Set(members.map(\.name))
        let missing = (schema["required"]?.elements ?? []).compactMap(\.text).filter { !names.contains($0) }
        return missing.map { "\(path): \($0) is missing" }
            + members.flatMap { member -> [String] in
                if let known = schema["properties"]?[member.name] {
                    return differences(member.value, known, at: "\(path).\(member.name)")
                }
                return schema["additionalProperties"]?.bool == false ? ["\(path): \(member.name) is not known"] : []
            }
    }

    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .string: "string"
        case .number: value.integer == nil ? "number" : "integer"
        case .array: "array"
        case .object: "object"
        }
    }
}
