/// One thing that a command takes: a flag, an option with a value, or a word by its place.
struct Parameter: Sendable, Hashable {
    /// How it is given.
    enum Kind: Sendable, Hashable {
        /// `--json`
        case flag
        /// `--tag T`, also `--tag=T`
        case option
        /// `REPORT`
        case positional
    }

    let kind: Kind
    /// `tag` for `--tag`; `REPORT` for a word by its place.
    let name: String
    /// What stands for the value in the help, such as `DIR`.
    let value: String
    let isRequired: Bool
    let isRepeatable: Bool
    /// The only values allowed; empty allows all.
    let choices: [String]
    /// What it does, one sentence.
    let summary: String

    /// A flag, off unless given.
    static func flag(_ name: String, _ summary: String) -> Parameter {
        Parameter(
            kind: .flag, name: name, value: "", isRequired: false, isRepeatable: false, choices: [], summary: summary)
    }

    /// An option with a value.
    static func option(
        _ name: String, _ value: String, isRequired: Bool = false, isRepeatable: Bool = false, choices: [String] = [],
        _ summary: String
    ) -> Parameter {
        Parameter(
            kind: .option, name: name, value: value, isRequired: isRequired, isRepeatable: isRepeatable,
            choices: choices, summary: summary)
    }

    /// A word by its place.
    static func positional(
        _ name: String, isRequired: Bool = true, isRepeatable: Bool = false, choices: [String] = [], _ summary: String
    ) -> Parameter {
        Parameter(
            kind: .positional, name: name, value: name, isRequired: isRequired, isRepeatable: isRepeatable,
            choices: choices, summary: summary)
    }

    /// As errors name it: `--tag` or `REPORT`.
    var label: String { kind == .positional ? name : "--\(name)" }

    /// As the help shows it: `--batch ID …`.
    var synopsis: String {
        let word = kind == .option ? "--\(name) \(value)" : label
        return isRepeatable ? word + " …" : word
    }
}

/// A command line that cannot be understood: exit status 2.
struct UsageError: Error, Sendable, Hashable {
    /// `what: why`, one line.
    let message: String
    /// What to do, one sentence.
    let remedy: String

    init(_ message: String, remedy: String = "") {
        self.message = message
        self.remedy = remedy
    }
}

/// The values that a command was given.
struct Arguments: Sendable {
    private var values: [Parameter: [String]] = [:]

    mutating func add(_ value: String, to parameter: Parameter) { values[parameter, default: []].append(value) }

    /// Whether it was given at all.
    func has(_ parameter: Parameter) -> Bool { values[parameter] != nil }

    /// The value, if it was given.
    func value(_ parameter: Parameter) -> String? { values[parameter]?.last }

    /// All values, in order.
    func values(_ parameter: Parameter) -> [String] { values[parameter] ?? [] }

    /// The value of a parameter that this use of the command cannot do without.
    func required(_ parameter: Parameter) throws(UsageError) -> String {
        guard let value = value(parameter) else { throw UsageError("\(parameter.label): it is missing") }
        return value
    }

    /// The value as a whole number, if it was given.
    func number(_ parameter: Parameter, _ range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(parameter) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "\(parameter.label): `\(text)` is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
