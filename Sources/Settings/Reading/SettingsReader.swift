import ReportModel

/// Reads settings one by one into the values they stand for, and remembers what there is to read.
///
/// Each call declares one setting, once: its name, type, default (what the variable holds before), limits and meaning.
/// So `exhaust help settings` comes from a reader without sources, and a default cannot be documented wrongly.
struct SettingsReader {
    private let sources: SettingsSources
    private(set) var entries: [SettingEntry] = []
    private var group = ""

    init(_ sources: SettingsSources) { self.sources = sources }

    /// Begins a group of settings in the help.
    mutating func begin(_ group: String) { self.group = group }

    /// Refuses everything that was not read. To be called after the last setting.
    func refuseUnknown() throws { try sources.refuseUnknown(entries.map(\.declaration)) }

    /// Reads one setting. `parse` answers nil for a value that is not of the kind.
    mutating func read<Value>(
        _ value: inout Value, _ name: String, kind: String, aliases: [String] = [], isSecret: Bool = false,
        _ summary: String, text: (Value) -> String, parse: (SettingsSources.Raw) -> Value?
    ) throws {
        let defaultText = text(value)
        let declaration = SettingDeclaration(
            name: name, group: group, kind: kind, defaultText: isSecret ? "" : defaultText, isSecret: isSecret,
            aliases: aliases, summary: summary)
        let found = try sources.find(declaration)
        if let found {
            guard let parsed = parse(found.raw) else { throw refusal(of: found, declaration) }
            value = parsed
        }
        let shown = isSecret ? (found == nil ? "(default)" : "(set)") : text(value)
        entries.append(SettingEntry(declaration: declaration, value: shown, source: found?.source))
    }

    private func refusal(
        of found: (raw: SettingsSources.Raw, source: SettingSource), _ declaration: SettingDeclaration
    ) -> ExhaustError {
        let written: String
        switch found.raw {
        case _ where declaration.isSecret: written = "its value"
        case .plain(let text): written = "`\(text)`"
        case .json(let value): written = "`\(value.compactText)`"
        }
        let remedy = declaration.defaultText.isEmpty ? "" : " The default is \(declaration.defaultText)."
        return ExhaustError(
            .invalidInput,
            "setting \(declaration.name) (\(found.source)): \(written) is not right; it has to be \(declaration.kind)",
            remedy: "Correct it, or leave it out." + remedy, mender: .operator)
    }
}

extension SettingsSources.Raw {
    /// The value as text, where the file may write it bare or in quotes.
    var loose: String? {
        switch self {
        case .plain(let text), .json(.string(let text)): SettingText.trimmed(text)
        case .json(.number(let digits)): digits
        case .json(.bool(let value)): value ? "true" : "false"
        default: nil
        }
    }

    /// The value if it is a text and nothing else; blanks count.
    var text: String? {
        switch self {
        case .plain(let text), .json(.string(let text)): text
        default: nil
        }
    }

    /// The value as a list: of the file's elements, or of the parts between commas.
    var list: [String]? {
        guard case .json(.array(let elements)) = self else { return loose.map(SettingText.list) }
        let texts = elements.compactMap { SettingsSources.Raw.json($0).loose }
        return texts.count == elements.count ? texts : nil
    }
}
