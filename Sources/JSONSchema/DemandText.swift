import ReportModel

/// The words of upstream's validator, which programs and people know (upstream.md 2.4).
enum DemandText {
    static let no = "instance matched a schema which it should not have"

    static func all(_ count: Int, _ total: Int) -> String {
        "instance failed to match all required schemas (matched only \(count) out of \(total))"
    }

    static func any(_ total: Int) -> String { "instance failed to match at least one required schema among \(total)" }

    static func one(_ count: Int, _ total: Int) -> String {
        "instance failed to match exactly one schema (matched \(count) out of \(total))"
    }

    static func dependency(_ property: String, _ needed: [String], _ missing: [String]) -> String {
        "property \"\(property)\" of object has missing property dependencies "
            + "(schema requires \(list(needed)); missing: \(list(missing)))"
    }

    static func others(_ names: [String]) -> String {
        "object instance has properties which are not allowed by the schema: \(list(names))"
    }

    static func missing(_ names: [String]) -> String { "object has missing required properties (\(list(names)))" }

    static func type(_ type: ValueType, _ allowed: Set<ValueType>) -> String {
        let names = ValueType.allCases.filter(allowed.contains).map(\.rawValue)
        return "instance type (\(type.rawValue)) does not match any allowed primitive type (allowed: \(list(names)))"
    }

    static func values(_ value: JSONValue, _ possible: String) -> String {
        "instance value (\(value.compactText)) not found in enum (possible values: \(possible))"
    }

    private static func list(_ names: [String]) -> String {
        JSONValue.array(names.map(JSONValue.string)).compactText
    }
}

extension Demand {
    /// The failure of a demand that looks at nothing but the value; patterns take from `steps`.
    func failure(of value: JSONValue, _ steps: inout Int) throws(ExhaustError) -> String? {
        switch (self, value) {
        case (.values(let values), _):
            values.canonical.contains(value.comparisonText) ? nil : DemandText.values(value, values.text)
        case (.type(let types), _):
            types.contains(ValueType(of: value)) ? nil : DemandText.type(ValueType(of: value), types)
        case (.required(let names), .object):
            missing(names.filter { value[$0] == nil })
        case (.pattern(let pattern), .string(let text)):
            try pattern.matches(text, &steps)
                ? nil : "ECMA 262 regex \"\(pattern.text)\" does not match input string \"\(text)\""
        case (.length(let least, let most), .string(let text)): Self.lengthFailure(text, least, most)
        case (.itemCount(let least, let most), .array(let elements)): Self.itemsFailure(elements.count, least, most)
        case (.propertyCount(let least, let most), .object(let members)):
            Self.propertiesFailure(members.count, least, most)
        case (.noFurtherItems(let allowed), .array(let elements)) where elements.count > allowed:
            "schema only allows \(allowed) elements in array but instance has \(elements.count) elements"
        case (.uniqueItems, .array(let elements)):
            Set(elements.map(\.comparisonText)).count == elements.count
                ? nil : "array must not contain duplicate elements"
        case (_, .number(let digits)): Double(digits).flatMap { boundFailure(digits, $0) }
        default: nil
        }
    }

    private func missing(_ names: [String]) -> String? { names.isEmpty ? nil : DemandText.missing(names) }

    private static func lengthFailure(_ text: String, _ least: Int?, _ most: Int?) -> String? {
        let length = text.unicodeScalars.count
        if let least, length < least {
            return "string \"\(text)\" is too short (length: \(length), required minimum: \(least))"
        }
        if let most, length > most {
            return "string \"\(text)\" is too long (length: \(length), maximum allowed: \(most))"
        }
        return nil
    }

    private static func itemsFailure(_ count: Int, _ least: Int?, _ most: Int?) -> String? {
        if let least, count < least {
            return "array is too short: must have at least \(least) elements but instance has \(count) elements"
        }
        if let most, count > most {
            return "array is too long: must have at most \(most) elements but instance has \(count) elements"
        }
        return nil
    }

    private static func propertiesFailure(_ count: Int, _ least: Int?, _ most: Int?) -> String? {
        if let least, count < least {
            return "object has too few properties (found \(count) but schema requires at least \(least))"
        }
        if let most, count > most {
            return "object has too many properties (found \(count) but schema requires at most \(most))"
        }
        return nil
    }

    private func boundFailure(_ digits: String, _ number: Double) -> String? {
        switch self {
        case .above(let bound, let isStrict):
            if isStrict, number == bound.value {
                return "numeric instance is not strictly greater than the required minimum \(bound.digits)"
            }
            if number < bound.value {
                return "numeric instance is lower than the required minimum "
                    + "(minimum: \(bound.digits), found: \(digits))"
            }
        case .below(let bound, let isStrict):
            if isStrict, number == bound.value {
                return "numeric instance is not strictly lower than the required maximum \(bound.digits)"
            }
            if number > bound.value {
                return "numeric instance is greater than the required maximum "
                    + "(maximum: \(bound.digits), found: \(digits))"
            }
        case .multiple(let bound):
            let quotient = number / bound.value
            // Decimal fractions have no exact double: 0.3 is a multiple of 0.1 although their quotient is not whole.
            guard abs(quotient - quotient.rounded()) <= 1e-9 * max(1, abs(quotient)) else {
                return "remainder of division is not zero (\(digits) / \(bound.digits))"
            }
        default: break
        }
        return nil
    }
}
