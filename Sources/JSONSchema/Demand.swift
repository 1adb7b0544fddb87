import ReportModel

/// What a schema demands of a value by itself.
enum Demand: Sendable {
    case noFurtherItems(allowed: Int)
    case noOtherProperties
    case all([SchemaNode])
    case any([SchemaNode])
    case one([SchemaNode])
    case no(SchemaNode)
    case dependencies([(property: String, needs: Dependency)])
    case values(Values)
    case below(Bound, isStrict: Bool)
    case above(Bound, isStrict: Bool)
    case multiple(Bound)
    case itemCount(least: Int?, most: Int?)
    case length(least: Int?, most: Int?)
    case propertyCount(least: Int?, most: Int?)
    case pattern(Pattern)
    case required([String])
    case type(Set<ValueType>)
    case uniqueItems

    /// What a property needs beside it.
    enum Dependency: Sendable {
        case properties([String])
        case schema(SchemaNode)
    }

    /// A number by its digits and its value.
    struct Bound: Sendable {
        let digits: String
        let value: Double
    }

    /// `enum`, or `const` as one of a single value.
    struct Values: Sendable {
        let text: String
        let canonical: Set<String>

        init(_ values: [JSONValue]) {
            text = JSONValue.array(values).compactText
            canonical = Set(values.map(\.comparisonText))
        }
    }
}

/// The types of JSON, by the names that schemas use; in the order of messages.
enum ValueType: String, Sendable, Hashable, CaseIterable {
    case array, boolean, integer, null, number, object, string

    /// The type of a value: a number is an integer if it is written as one.
    init(of value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool: .boolean
            case .number(let digits):
                digits.utf8.contains { [0x2E, 0x45, 0x65].contains($0) } ? .number : .integer
            case .string: .string
            case .array: .array
            case .object: .object
            }
    }
}

extension JSONValue {
    /// A text that equal values share; numbers are equal by value. What no double can hold goes by its digits.
    var comparisonText: String {
        do { return try canonicalText } catch { return compactText }
    }
}
