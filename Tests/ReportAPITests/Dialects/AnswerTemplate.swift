import ReportModel

/// Holds an answer against a recorded one in which what differs from run to run was replaced: `<ts>`, `<uuid>`, `<ms>`.
struct AnswerTemplate {
    /// The moment of the answer.
    let now: Timestamp

    /// Where the two differ; empty if they are the same. Members must come in the same order, numbers are equal by value.
    func differences(_ expected: JSONValue, _ actual: JSONValue, at path: String = "") -> [String] {
        switch (expected, actual) {
        case (.object(let left), .object(let right)):
            guard left.map(\.name) == right.map(\.name) else {
                return ["\(path): members \(right.map(\.name)) instead of \(left.map(\.name))"]
            }
            return zip(left, right).flatMap { differences($0.value, $1.value, at: "\(path).\($0.name)") }
        case (.array(let left), .array(let right)):
            guard left.count == right.count else {
                return ["\(path): \(right.count) elements instead of \(left.count)"]
            }
            return zip(left, right).enumerated().flatMap { differences($1.0, $1.1, at: "\(path)[\($0)]") }
        case (.number(let left), .number(let right)):
            return left == right || Double(left) == Double(right) ? [] : ["\(path): \(right) instead of \(left)"]
        case (.string("<ts>"), .string(let text)):
            return text == now.iso8601.replacing("Z", with: "+00:00") ? [] : ["\(path): \(text) is not now"]
        case (.string("<uuid>"), .string(let text)):
            let isOne =
                text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            return isOne ? [] : ["\(path): \(text) is no UUID"]
        case (.string("<ms>"), .number(let digits)):
            // Links last 30 minutes, everything else happens now.
            let expected = now.milliseconds + (path.hasSuffix("expiresAt") ? 1_800_000 : 0)
            return Int64(digits) == expected ? [] : ["\(path): \(digits) instead of \(expected)"]
        case (.string(let left), .string(let right)):
            return Self.link(left) == Self.link(right) ? [] : ["\(path): \(right) instead of \(left)"]
        default:
            return expected == actual ? [] : ["\(path): \(actual.compactText) instead of \(expected.compactText)"]
        }
    }

    /// Addresses of signed links are their service's own.
    private static func link(_ text: String) -> String {
        let isUpstreams = text.hasPrefix("https://acct.blob.core.windows.net/reports") && text.contains("sig=")
        return isUpstreams || text.hasPrefix("https://reports.example.org/v1/files/") ? "<link>" : text
    }
}
