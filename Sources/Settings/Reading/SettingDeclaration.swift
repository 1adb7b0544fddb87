/// What there is to know of one setting: the source of `exhaust help settings`.
public struct SettingDeclaration: Sendable, Hashable {
    /// Dotted name, such as `csv.dialect`.
    public let name: String
    /// Heading under which it stands.
    public let group: String
    /// What a value looks like, such as `one of rfc4180, spark` or `whole number, 1 to 64`.
    public let kind: String
    /// Its default as it would be written; never a secret.
    public let defaultText: String
    /// Whether its value is never shown.
    public let isSecret: Bool
    /// Names of the replaced deployment that mean the same.
    public let aliases: [String]
    /// What it does, one sentence.
    public let summary: String

    /// The environment variable that sets it, such as `EXHAUST_CSV_DIALECT`.
    public var variable: String { Self.variable(of: name) }

    /// Every environment variable that sets it, its own name first.
    var variables: [String] { Array(([name] + aliases).map(Self.variable).uniqued()) }

    /// `EXHAUST_` and the name in capitals, with an underscore for everything that is no letter or digit.
    static func variable(of name: String) -> String {
        "EXHAUST_" + String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}

/// A setting as it was read.
public struct SettingEntry: Sendable, Hashable {
    /// Which setting.
    public let declaration: SettingDeclaration
    /// Its value as it would be written; `(set)` or `(default)` for a secret.
    public let value: String
    /// Where it comes from; nil is the default.
    public let source: SettingSource?
}

/// Where a value was found.
public enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// An option of the command line.
    case option(String)
    /// An environment variable.
    case variable(String)
    /// The file that an environment variable ending in `_FILE` names.
    case variableFile(String)
    /// The settings file, by its path.
    case file(String)

    /// As it is named in errors.
    public var description: String {
        switch self {
        case .option(let name): "option \(name)"
        case .variable(let name), .variableFile(let name): "environment variable \(name)"
        case .file(let path): "settings file \(path)"
        }
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
