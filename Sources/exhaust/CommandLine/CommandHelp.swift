/// Help, made from what commands declare.
enum CommandHelp {
    /// All commands with a line each.
    static func overview(of commands: [Command], columns: Int) -> String {
        let rows = commands.map { ($0.name, $0.summary) }
        return """
            Usage: exhaust COMMAND [OPTION …]

            Course reports on demand, as encrypted files.

            Commands:
            \(list(rows, columns: columns))

            `exhaust COMMAND --help` tells more of one; `exhaust help settings` lists all settings.

            """
    }

    /// One command with everything that it takes; `common` options stand in a list of their own.
    static func help(of command: Command, common: [Parameter], columns: Int) -> String {
        let own = command.parameters.filter { !common.contains($0) }
        var sections = [usage(of: command, own: own, columns: columns), wrapped(command.summary, columns: columns)]
        if !command.details.isEmpty {
            sections += command.details.split(separator: "\n\n").map { wrapped(String($0), columns: columns) }
        }
        let words = own.filter { $0.kind == .positional }.map { ($0.name, text(of: $0)) }
        if !words.isEmpty { sections.append("Words:\n" + list(words, columns: columns)) }
        let options = own.filter { $0.kind != .positional }.map { ($0.synopsis, text(of: $0)) }
        if !options.isEmpty { sections.append("Options:\n" + list(options, columns: columns)) }
        let shared = common.map { ($0.synopsis, text(of: $0)) } + [("--help", "Shows this help.")]
        sections.append("Options of every command:\n" + list(shared, columns: columns))
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// `Usage: exhaust submit REPORT (--batch ID … | --search FILE) --tag T [--json]`
    private static func usage(of command: Command, own: [Parameter], columns: Int) -> String {
        var pieces = own.filter { $0.kind == .positional }.map { $0.isRequired ? $0.synopsis : "[\($0.synopsis)]" }
        pieces += command.alternatives.map { "(" + $0.map(\.synopsis).joined(separator: " | ") + ")" }
        let alternatives = Set(command.alternatives.joined())
        let others = own.filter { $0.kind != .positional && !alternatives.contains($0) }
        pieces += others.filter(\.isRequired).map(\.synopsis)
        pieces += others.filter { !$0.isRequired }.map { "[\($0.synopsis)]" }
        var lines = ["Usage: exhaust \(command.name)"]
        for piece in pieces {
            if lines[lines.count - 1].count + 1 + piece.count > columns { lines.append("          ") }
            lines[lines.count - 1] += " " + piece
        }
        return lines.joined(separator: "\n")
    }

    private static func text(of parameter: Parameter) -> String {
        let choices = parameter.choices.isEmpty ? "" : " One of \(parameter.choices.joined(separator: ", "))."
        return parameter.summary + choices
    }

    private static func list(_ rows: [(String, String)], columns: Int) -> String {
        let width = min(24, rows.map(\.0.count).max() ?? 0)
        let indent = String(repeating: " ", count: width + 4)
        return rows.map { name, text in
            let body = wrapped(text, columns: max(40, columns - indent.count))
                .split(separator: "\n").joined(separator: "\n" + indent)
            if name.count > width { return "  \(name)\n\(indent)\(body)" }
            return "  \(name)\(String(repeating: " ", count: width - name.count + 2))\(body)"
        }.joined(separator: "\n")
    }

    private static func wrapped(_ text: String, columns: Int) -> String {
        var lines = [""]
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] += word
            } else if lines[lines.count - 1].count + 1 + word.count > columns {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] += " " + word
            }
        }
        return lines.joined(separator: "\n")
    }
}
