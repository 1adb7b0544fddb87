/// How a file is protected: the four names of upstream.md 6.2.
public enum SecurityLevel: String, Sendable, Hashable, CaseIterable {
    /// An open zip.
    case plain = "PLAIN_DATASET"
    /// A zip under the requester's password.
    case password = "PASSWORD_PROTECTED_DATASET"
    /// An open zip around a container whose key is wrapped under the requester's password.
    case textKey = "TEXT_KEY_ENCRYPTED_DATASET"
    /// An open zip around a container whose key is wrapped under the organisation's public key.
    case publicKey = "PUBLIC_KEY_ENCRYPTED_DATASET"

    /// Whether the requester has to give a password for it.
    public var needsPassword: Bool { self == .password || self == .textKey }
}

extension SecurityLevel {
    /// The level that `policy`, the data of a `dataSecurityPolicy` (upstream.md 1.13), demands for `report`: the report's
    /// own, else the overall one; nil if it names none. Throws `dataDamaged` for a level that does not exist.
    public init?(policy: JSONValue, of organisation: String, report: String) throws {
        let names = [policy["job"]?[report]?["level"]?.text, policy["level"]?.text]
        guard let name = names.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { return nil }
        guard let level = SecurityLevel(rawValue: name) else {
            throw ExhaustError(
                .dataDamaged, "dataSecurityPolicy of organisation \(organisation): there is no level \(name)",
                remedy: "Use one of \(SecurityLevel.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        self = level
    }
}

/// Which columns a report has, in which order and form (design.md 6.1, 6.2).
public enum ReportLayout: String, Sendable, Hashable, CaseIterable {
    /// The columns of the product's documents; the default.
    case documented
    /// The columns and forms of upstream's master release.
    case sunbird
}

/// How the CSV is written (design.md 6.3).
public struct CSVOptions: Sendable, Hashable {
    /// How quotes inside quoted cells are written.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// Doubled quotes.
        case rfc4180
        /// Backslash quotes and empty cells as `""`, as upstream's Spark writes them (upstream.md 5.1.2).
        case spark
    }

    /// Line ends.
    public enum LineEnd: String, Sendable, Hashable, CaseIterable {
        /// `\n`.
        case lf
        /// `\r\n`.
        case crlf
    }

    /// How quotes are written.
    public var dialect: Dialect
    /// Whether text that a spreadsheet would run as a formula gets a leading `'`.
    public var formulaGuard: Bool
    /// Whether each file begins with the UTF-8 byte order mark.
    public var byteOrderMark: Bool
    /// How lines end.
    public var lineEnd: LineEnd

    /// Options; the defaults are those of the settings `csv.*`.
    public init(
        dialect: Dialect = .rfc4180, formulaGuard: Bool = true, byteOrderMark: Bool = false, lineEnd: LineEnd = .lf
    ) {
        self.dialect = dialect
        self.formulaGuard = formulaGuard
        self.byteOrderMark = byteOrderMark
        self.lineEnd = lineEnd
    }
}
