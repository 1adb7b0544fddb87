import ReportModel

/// The words that stand in a page before any script runs. They are written with all others, in the script of the texts, as
/// JSON behind `export const still =`; a page names them as `{{name}}`.
struct StillWords: Sendable {
    private let words: [JSONValue.Member]

    /// The words that a script of texts has; none if it has no such JSON, which a test would notice.
    init(script: [UInt8]) {
        let lines = String(decoding: script, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let block = lines.drop { $0 != Self.opening }.dropFirst().prefix { $0 != Self.closing }
        do {
            words = try JSONValue(parsing: "{" + block.joined(separator: "\n") + "}").objectMembers ?? []
        } catch {
            words = []
        }
    }

    private static let opening = "export const still = {"
    private static let closing = "};"

    /// A page with its words.
    func fill(_ page: [UInt8]) -> [UInt8] {
        var text = String(decoding: page, as: UTF8.self)
        for word in words {
            let parts = text.split(separator: "{{\(word.name)}}", omittingEmptySubsequences: false)
            text = parts.joined(separator: Self.escaped(word.value.text ?? ""))
        }
        return Array(text.utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
