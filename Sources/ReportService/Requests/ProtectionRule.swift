public import ReportModel
import ReportPorts
public import ReportRows
import SecureArchive

extension ServicePorts {
    /// The level of a report's files for an organisation: its policy's, else the setting `level.<report>`, else a password.
    public func level(
        of organisation: String, report: any ReportDefinition, settings: ServiceSettings
    ) async throws -> SecurityLevel {
        try await sources.level(of: organisation, report: report, settings: settings)
    }
}

extension SourcePorts {
    func level(
        of organisation: String, report: any ReportDefinition, settings: ServiceSettings
    ) async throws -> SecurityLevel {
        try await policies.level(of: organisation, report: report.id) ?? settings.levels[report.id] ?? .password
    }
}

/// How the files of a request are protected (design.md 7, upstream.md 6).
struct Protection: Sendable, Hashable {
    /// The level that policy or settings demand.
    var level: SecurityLevel
    /// Whether the password protects the file; false at a password level means an open zip with a finding.
    var usesPassword: Bool

    /// Whether the reader has to know that nothing protects the file.
    var isUnexpectedlyOpen: Bool { level == .password && !usesPassword }

    /// Decides by level, report and whether there is a key. Fails closed: throws `refused` where a file that should be
    /// encrypted cannot be.
    static func rule(
        level: SecurityLevel, report: any ReportDefinition, hasPassword: Bool, requiresKey: Bool
    ) throws(ExhaustError) -> Protection {
        switch level {
        case .plain:
            if report.isPersonal {
                // upstream.md 6.3 marks such a request as failed, and then makes the file all the same.
                throw ExhaustError(
                    .refused,
                    "Request Security Level is not matching with PII fields or csvColumns CSV columns configured. "
                        + "Please check.",
                    remedy: "\(report.id) needs a level that encrypts; change the organisation's dataSecurityPolicy.",
                    mender: .operator)
            }
            return Protection(level: level, usesPassword: false)
        case .publicKey:
            return Protection(level: level, usesPassword: false)
        case .textKey:
            if !hasPassword { throw missingKey(report) }
            return Protection(level: level, usesPassword: true)
        case .password:
            if !hasPassword, report.isPersonal || requiresKey { throw missingKey(report) }
            return Protection(level: level, usesPassword: hasPassword)
        }
    }

    private static func missingKey(_ report: any ReportDefinition) -> ExhaustError {
        ExhaustError(
            .refused, "\(report.id): it needs a password, and the request has none",
            remedy: "Ask again with a password.")
    }
}

/// How the files for one organisation are protected, with the keys at hand.
struct FileProtection: Sendable {
    /// The means of a level.
    enum Means: Sendable {
        case zip(ZipProtection)
        case textKey(Password)
        case publicKey(PublicKey)

        /// How the archive itself is protected; around a container it is open.
        var zipProtection: ZipProtection {
            if case .zip(let protection) = self { return protection }
            return .none
        }
    }

    var rule: Protection
    var means: Means
}
