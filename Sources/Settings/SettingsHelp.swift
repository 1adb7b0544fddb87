extension Settings {
    /// The text of `exhaust help settings`, made from what the reader reads; at most `columns` wide where words allow.
    public static func help(reports: [String], columns: Int = 80) throws -> String {
        var lines = [
            "Settings are read once, at the start: from a JSON5 file (--config FILE or EXHAUST_CONFIG), and over it",
            "from the environment. In the file `{csv: {dialect: 'spark'}}` and `{'csv.dialect': 'spark'}` are the same.",
            "A secret may also be kept in a file that the environment variable with _FILE at its end names.",
        ].flatMap { wrapped($0, columns: columns, indent: "") }
        var group = ""
        for declaration in try declarations(reports: reports) {
            if declaration.group != group {
                group = declaration.group
                lines += ["", group]
            }
            let shown =
                if declaration.isSecret { " (secret)" } else if declaration.defaultText.isEmpty { " (empty)" } else {
                    " = \(declaration.defaultText)"
                }
            lines += [""] + wrapped(declaration.name + shown, columns: columns, indent: "  ")
            lines += wrapped(declaration.summary, columns: columns, indent: "      ")
            lines += wrapped("Value: \(declaration.kind).", columns: columns, indent: "      ")
            let file = declaration.isSecret ? ", \(declaration.variable)_FILE" : ""
            lines += wrapped(declaration.variable + file, columns: columns, indent: "      ")
            let others = declaration.aliases.joined(separator: ", ")
            if !others.isEmpty { lines.append("      Also: \(others)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func wrapped(_ text: String, columns: Int, indent: String) -> [String] {
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            if line.count > indent.count, line.count + 1 + word.count > columns {
                lines.append(line)
                line = indent
            }
            line += (line.count > indent.count ? " " : "") + word
        }
        return lines + [line]
    }
}
