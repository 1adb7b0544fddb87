import ReportModel

/// Values before anybody knows what they mean, in the order in which they count: options, environment, file.
struct SettingsSources: Sendable {
    /// A value as it was written.
    enum Raw: Sendable, Hashable {
        /// A text of the environment or the command line: whatever it looks like.
        case plain(String)
        /// A value of the file.
        case json(JSONValue)
    }

    /// Values of command line options by setting name.
    var options: [String: String] = [:]
    /// The environment.
    var environment: [String: String] = [:]
    /// The settings file's path and its values by dotted name.
    var file: (path: String, values: [String: JSONValue]) = ("", [:])

    /// Variables that begin like a setting and are none.
    static let otherVariables: Set<String> = [
        "EXHAUST_CONFIG", "EXHAUST_REQUIRE_SERVICES", "EXHAUST_SERVERS", "EXHAUST_SERVERS_CACHE",
    ]
    /// What the servers of the tests are told by (`scripts/services`).
    static let testVariables = "EXHAUST_TEST_"

    /// The value that counts, with where it comes from; a secret may come from a file that `<variable>_FILE` names.
    func find(_ declaration: SettingDeclaration) throws -> (raw: Raw, source: SettingSource)? {
        if let text = options[declaration.name] { return (.plain(text), .option("--\(declaration.name)")) }
        var found: [(Raw, SettingSource)] = []
        for variable in declaration.variables {
            if let text = environment[variable] { found.append((.plain(text), .variable(variable))) }
            if declaration.isSecret, let path = environment[variable + "_FILE"] {
                let secret = try SmallFile.readSecret(path, what: "\(variable)_FILE")
                found.append((.plain(secret), .variableFile(variable + "_FILE")))
            }
        }
        try Self.refuseSeveral(found.map(\.1.description), declaration)
        if let first = found.first { return first }
        let names = ([declaration.name] + declaration.aliases).filter { file.values[$0].map { !$0.isNull } ?? false }
        try Self.refuseSeveral(names.map { "`\($0)` in settings file \(file.path)" }, declaration)
        return names.first.flatMap { file.values[$0] }.map { (.json($0), .file(file.path)) }
    }

    private static func refuseSeveral(_ places: [String], _ declaration: SettingDeclaration) throws {
        guard places.count > 1 else { return }
        throw ExhaustError(
            .invalidInput, "setting \(declaration.name): given twice, by \(places.joined(separator: " and by "))",
            remedy: "Keep one of them.", mender: .operator)
    }

    /// Refuses names of the file and variables of the environment that no setting has.
    func refuseUnknown(_ declarations: [SettingDeclaration]) throws {
        let names = declarations.flatMap { [$0.name] + $0.aliases }
        for name in file.values.keys.sorted() where !names.contains(name) {
            // An empty object sets nothing, so one at the place of a group does no harm.
            if file.values[name] == .object([]), names.contains(where: { $0.hasPrefix(name + ".") }) { continue }
            throw unknown("setting \(name) (settings file \(file.path))", name, names)
        }
        let variables = declarations.flatMap { declaration in
            declaration.variables + (declaration.isSecret ? declaration.variables.map { $0 + "_FILE" } : [])
        }
        for name in environment.keys.sorted() where name.hasPrefix("EXHAUST_") {
            if name.hasPrefix(Self.testVariables) { continue }
            guard !variables.contains(name), !Self.otherVariables.contains(name) else { continue }
            throw unknown("environment variable \(name)", name, variables + Self.otherVariables)
        }
    }

    private func unknown(_ what: String, _ name: String, _ known: [String]) -> ExhaustError {
        let question = Suggestion.question(for: name, among: known)
        return ExhaustError(
            .invalidInput, "\(what): there is no such setting",
            remedy: question.isEmpty ? "`exhaust help settings` lists all of them." : question, mender: .operator)
    }

    /// The values of a settings file by dotted name: `{csv: {dialect: 'spark'}}` is `csv.dialect`.
    static func flatten(_ value: JSONValue, path: String) throws -> [String: JSONValue] {
        guard let members = value.objectMembers else {
            throw ExhaustError(
                .invalidInput, "settings file \(path): it does not hold an object",
                remedy: "Write `{ name: value, … }`.", mender: .operator)
        }
        var values: [String: JSONValue] = [:]
        func add(_ members: [JSONValue.Member], under prefix: String) throws {
            for member in members {
                let name = prefix + member.name
                if let inner = member.value.objectMembers, !inner.isEmpty {
                    try add(inner, under: name + ".")
                } else if values.updateValue(member.value, forKey: name) != nil {
                    throw ExhaustError(
                        .invalidInput, "setting \(name): given twice in settings file \(path)",
                        remedy: "Keep one of them.", mender: .operator)
                }
            }
        }
        try add(members, under: "")
        return values
    }
}
