import Settings

/// A command of the program: what it takes, and what it does.
struct Command: Sendable {
    let name: String
    /// One line for the overview.
    let summary: String
    /// Paragraphs under the usage line.
    let details: String
    let parameters: [Parameter]
    /// Sets of parameters of which exactly one has to be given.
    let alternatives: [[Parameter]]
    let run: @Sendable (Arguments, Console) async throws -> CommandStatus

    init(
        _ name: String, summary: String, details: String = "", parameters: [Parameter] = [],
        alternatives: [[Parameter]] = [], run: @escaping @Sendable (Arguments, Console) async throws -> CommandStatus
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.alternatives = alternatives
        self.run = run
    }

    /// The same command with parameters that all commands take.
    func taking(_ common: [Parameter]) -> Command {
        Command(
            name, summary: summary, details: details, parameters: parameters + common, alternatives: alternatives,
            run: run)
    }

    /// What the words after the command's name say; nil if they ask for help.
    func parse(_ words: [String]) throws(UsageError) -> Arguments? {
        var arguments = Arguments()
        var places = parameters.filter { $0.kind == .positional }[...]
        var rest = words[...]
        var takesOptions = true
        // Help wins over every mistake, so that it can be asked for at the end of a line that does not work.
        let end = words.firstIndex(of: "--") ?? words.endIndex
        if words[..<end].contains(where: { $0 == "--help" || $0 == "-h" }) { return nil }
        while let word = rest.popFirst() {
            if takesOptions, word == "--" {
                takesOptions = false
            } else if takesOptions, word.hasPrefix("-"), word != "-" {
                try readOption(word, &rest, into: &arguments)
            } else {
                guard let place = places.first else {
                    throw UsageError("`\(word)`: one word too many for `exhaust \(name)`", remedy: helpHint)
                }
                try add(word, to: place, of: &arguments)
                if !place.isRepeatable { places.removeFirst() }
            }
        }
        try checkComplete(arguments)
        return arguments
    }

    var helpHint: String { "See `exhaust \(name) --help`." }

    private func readOption(
        _ word: String, _ rest: inout ArraySlice<String>, into arguments: inout Arguments
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let parameter = parameters.first(where: { $0.kind != .positional && $0.label == parts[0] }) else {
            let labels = parameters.filter { $0.kind != .positional }.map(\.label) + ["--help"]
            let question = Suggestion.question(for: parts[0], among: labels)
            throw UsageError(
                "\(parts[0]): there is no such option of `exhaust \(name)`",
                remedy: question.isEmpty ? helpHint : question)
        }
        if parameter.kind == .flag {
            guard parts.count == 1 else { throw UsageError("\(parameter.label): it takes no value", remedy: helpHint) }
            try add("", to: parameter, of: &arguments)
        } else if parts.count == 2 {
            try add(parts[1], to: parameter, of: &arguments)
        } else {
            guard let value = rest.first, value == "-" || !value.hasPrefix("-") else {
                throw UsageError(
                    "\(parameter.label): its value \(parameter.value) is missing",
                    remedy: "A value that begins with - is written \(parameter.label)=VALUE.")
            }
            rest.removeFirst()
            try add(value, to: parameter, of: &arguments)
        }
    }

    private func add(_ value: String, to parameter: Parameter, of arguments: inout Arguments) throws(UsageError) {
        guard parameter.isRepeatable || !arguments.has(parameter) else {
            throw UsageError("\(parameter.label): given twice", remedy: "Give it once.")
        }
        guard parameter.kind == .flag || !value.isEmpty else {
            throw UsageError("\(parameter.label): its value is empty", remedy: helpHint)
        }
        guard parameter.choices.isEmpty || parameter.choices.contains(value) else {
            let question = Suggestion.question(for: value, among: parameter.choices)
            throw UsageError(
                "\(parameter.label): `\(value)` is not one of \(parameter.choices.joined(separator: ", "))",
                remedy: question)
        }
        arguments.add(value, to: parameter)
    }

    private func checkComplete(_ arguments: Arguments) throws(UsageError) {
        for parameter in parameters where parameter.isRequired && !arguments.has(parameter) {
            throw UsageError("\(parameter.label): it is missing from `exhaust \(name)`", remedy: helpHint)
        }
        for alternative in alternatives {
            let given = alternative.filter { arguments.has($0) }.map(\.label)
            guard given.count != 1 else { continue }
            let labels = alternative.map(\.label).joined(separator: " or ")
            throw UsageError(
                given.isEmpty
                    ? "\(labels): one of them is missing from `exhaust \(name)`"
                    : "\(given.joined(separator: " and ")): they exclude each other",
                remedy: given.isEmpty ? helpHint : "Give one of \(labels).")
        }
    }
}
