import HTTPMessages

/// Which request targets are let in: a path, perhaps a query, nothing that others could read as another path.
enum TargetRule {
    /// Path and query of `target`, both still encoded.
    static func parts(_ target: String) throws(HeadRule.Refusal) -> (path: String, query: String) {
        guard target.utf8.first == 0x2F else {
            throw HeadRule.Refusal(400, "its address is no path", remedy: "Send the path alone, such as /health.")
        }
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x5C }) else {
            throw HeadRule.Refusal(400, "its address holds a character that has to be escaped")
        }
        guard let mark = target.utf8.firstIndex(of: 0x3F) else {
            try check(target[...])
            return (target, "")
        }
        try check(target[..<mark])
        return (String(target[..<mark]), String(target[target.utf8.index(after: mark)...]))
    }

    private static func check(_ path: Substring) throws(HeadRule.Refusal) {
        // Most paths hold neither an escape nor a dot.
        guard path.utf8.contains(where: { $0 == 0x25 || $0 == 0x2E }) else { return }
        guard let decoded = PercentEncoding.decode(path), decoded.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw HeadRule.Refusal(400, "its path holds a broken escape or a control character")
        }
        let parts = decoded.utf8.split { $0 == 0x2F || $0 == 0x5C }
        guard !parts.contains(where: { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }) else {
            throw HeadRule.Refusal(400, "its path leads through . or ..", remedy: "Send the path itself.")
        }
    }
}
