import ReportModel

/// What a filter asks of one field.
enum ContentCondition: Sendable {
    /// The field, or an element of it, is one of these values.
    case anyOf([JSONValue])
    /// All of these hold.
    case all([(Comparison, JSONValue)])
    /// There is a value.
    case exists
    /// There is none.
    case missing

    /// How a value is compared; names as the search service has them.
    enum Comparison: String, Sendable {
        case min, max
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
        case equal = "="
        case unequal = "!="
        case notEquals, ne
        case startsWith, endsWith, contains
    }

    /// Reads the value of a filter. Throws `invalidInput` for a comparison that does not exist.
    init(field: String, _ value: JSONValue) throws(ExhaustError) {
        switch value {
        case .array(let values): self = .anyOf(values)
        case .object(let members):
            var comparisons: [(Comparison, JSONValue)] = []
            for member in members {
                guard let comparison = Comparison(rawValue: member.name) else {
                    throw ContentSearch.refusal("filter \(field) has the unknown comparison \(member.name)")
                }
                comparisons.append((comparison, member.value))
            }
            self = .all(comparisons)
        default: self = .anyOf([value])
        }
    }

    /// Whether a field meets the condition; of a list, whether an element does. A missing field meets only `missing`.
    func holds(for field: JSONValue?) -> Bool {
        let values = field.map { $0.elements ?? [$0] }?.filter { !$0.isNull } ?? []
        switch self {
        case .anyOf(let wanted): return values.contains { value in wanted.contains { Self.compare(value, $0) == 0 } }
        case .all(let comparisons):
            return comparisons.allSatisfy { comparison, bound in
                // Unequal to all elements, not to one of them.
                switch comparison {
                case .unequal, .notEquals, .ne:
                    !values.isEmpty
                        && values.allSatisfy { value in !Self.list(bound).contains { Self.compare(value, $0) == 0 } }
                default: values.contains { Self.holds(comparison, $0, bound) }
                }
            }
        case .exists: return !values.isEmpty
        case .missing: return values.isEmpty
        }
    }

    private static func holds(_ comparison: Comparison, _ value: JSONValue, _ bound: JSONValue) -> Bool {
        switch comparison {
        case .startsWith: return list(bound).contains { written(value).hasPrefix(written($0)) }
        case .endsWith: return list(bound).contains { written(value).hasSuffix(written($0)) }
        case .contains: return list(bound).contains { isPart(written($0), of: written(value)) }
        case .equal: return list(bound).contains { compare(value, $0) == 0 }
        case .min, .atLeast: return compare(value, bound) >= 0
        case .max, .atMost: return compare(value, bound) <= 0
        case .above: return compare(value, bound) > 0
        case .below: return compare(value, bound) < 0
        case .unequal, .notEquals, .ne: return compare(value, bound) != 0
        }
    }

    private static func list(_ value: JSONValue) -> [JSONValue] { value.elements ?? [value] }

    private static func isPart(_ part: String, of whole: String) -> Bool {
        let part = Array(part.utf8)
        let whole = Array(whole.utf8)
        return part.count <= whole.count
            && (0...whole.count - part.count).contains { whole[$0...].starts(with: part) }
    }

    /// Below, at or above zero as `left` comes before, with or after `right`: as numbers if one is and the other spells one,
    /// else as they are written, which suits dates too. Nothing comes first.
    static func compare(_ left: JSONValue?, _ right: JSONValue?) -> Int {
        guard let left, let right else { return (left == nil ? 0 : 1) - (right == nil ? 0 : 1) }
        if left.double != nil || right.double != nil, let leftNumber = number(left), let rightNumber = number(right) {
            return leftNumber < rightNumber ? -1 : leftNumber == rightNumber ? 0 : 1
        }
        let leftText = Array(written(left).utf8)
        let rightText = Array(written(right).utf8)
        return leftText.withUnsafeBytes { bytes in rightText.withUnsafeBytes { compareBytes(bytes, $0) } }
    }

    private static func number(_ value: JSONValue) -> Double? { value.double ?? value.text.flatMap(Double.init) }

    private static func written(_ value: JSONValue) -> String { value.text ?? value.sortedText }
}
