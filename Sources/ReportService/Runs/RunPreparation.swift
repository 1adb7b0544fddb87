import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// What a run needs to know before it reads the first learner.
struct PreparedRun: Sendable {
    var report: any ReportDefinition
    var config: DatasetConfig
    var layout: ReportLayout
    var protection: Protection
    var fileProtection: FileProtection
    var batches: [ResolvedBatch]
    /// Findings of resolution and protection, for every receipt.
    var findings: [Finding.Code: Int]
}

/// Checks a request and gathers everything that its run depends on besides the learners.
struct RunPreparation: Sendable {
    let sources: SourcePorts
    let settings: ServiceSettings

    /// Prepares the run of `config`; `password` is the requester's, if there is one. A plain run writes no file and
    /// needs no level.
    func prepare(
        report: any ReportDefinition, config: DatasetConfig, layout: ReportLayout?, channel: String,
        password: Password?, isPlain: Bool = false
    ) async throws -> PreparedRun {
        let layout = try self.layout(of: report, config: config, wanted: layout)
        let protection =
            isPlain
            ? Protection(level: .plain, usesPassword: false)
            : try await protection(of: report, channel: channel, hasPassword: password != nil)
        let resolution = try await BatchResolver(catalogue: sources.catalogue)
            .resolve(config.selection, channel: channel)
        var findings = resolution.findings
        if protection.isUnexpectedlyOpen { findings[.notEncrypted] = 1 }
        if report.isPersonal { try Self.checkConsent(resolution.batches) }
        return PreparedRun(
            report: report, config: config, layout: layout, protection: protection,
            fileProtection: try await fileProtection(protection, password: password, channel: channel),
            batches: resolution.batches, findings: findings)
    }

    /// The context of one batch's rows.
    func context(of batch: ResolvedBatch, in run: PreparedRun, asOf: Timestamp) async throws -> ReportContext {
        ReportContext(
            batch: batch, tree: try await sources.catalogue.tree(of: batch.collection.identifier),
            optionalNodes: try await sources.catalogue.optionalNodes(of: batch.collection.identifier),
            layout: run.layout, csv: settings.csv, rules: settings.rules, selectedColumns: run.config.columns,
            asOf: asOf, decrypter: sources.decrypter)
    }

    /// Refuses at submit what is known to fail: too many batches, an unknown layout, a missing key, an unknown batch, a
    /// retired collection, one that asks for no consent. The hits of a search may change, so they are not looked at.
    func check(
        report: any ReportDefinition, config: DatasetConfig, channel: String, password: Password?
    ) async throws {
        _ = try layout(of: report, config: config, wanted: nil)
        _ = try await protection(of: report, channel: channel, hasPassword: password != nil)
        if case .search = config.selection { return }
        let resolution = try await BatchResolver(catalogue: sources.catalogue).resolve(
            config.selection, channel: channel)
        if report.isPersonal { try Self.checkConsent(resolution.batches) }
    }

    private func layout(
        of report: any ReportDefinition, config: DatasetConfig, wanted: ReportLayout?
    ) throws(ExhaustError) -> ReportLayout {
        guard config.countedBatches <= settings.batchesPerRequest else {
            // upstream.md 3.7: tools look for this text.
            throw ExhaustError(
                .limitExceeded,
                "Number of batches in request exceeded. It should be within \(settings.batchesPerRequest)",
                remedy: "Ask for fewer batches at once.")
        }
        let layout = wanted ?? config.layout ?? settings.layouts[report.id] ?? report.layouts.first ?? .documented
        guard report.layouts.contains(layout) else {
            throw ExhaustError(
                .invalidInput, "\(report.id): it has no layout \(layout.rawValue)",
                remedy: "Use one of \(report.layouts.map(\.rawValue).joined(separator: ", ")).")
        }
        return layout
    }

    /// How files for `channel` are protected. Throws `refused` where the key that the level needs is missing.
    func protection(
        of report: any ReportDefinition, channel: String, hasPassword: Bool
    ) async throws -> Protection {
        let level =
            try await sources.policies.level(of: channel, report: report.id) ?? settings.levels[report.id] ?? .password
        return try Protection.rule(
            level: level, report: report, hasPassword: hasPassword, requiresKey: settings.requiresKey)
    }

    private static func checkConsent(_ batches: [ResolvedBatch]) throws {
        guard let batch = batches.first(where: { !$0.collection.asksForConsent }) else { return }
        // upstream.md 3.7: tools look for this text.
        throw ExhaustError(
            .refused,
            "Invalid request. User info exhaust is not applicable for collections which don't request for user "
                + "consent to share data",
            remedy: "Collection \(batch.collection.identifier) does not ask its learners for consent.")
    }

    private func fileProtection(
        _ protection: Protection, password: Password?, channel: String
    ) async throws -> FileProtection {
        switch (protection.level, password) {
        case (.publicKey, _):
            guard let pem = try await sources.policies.publicKey(of: channel) else {
                throw ExhaustError(
                    .refused, "organisation \(channel): its policy demands a public key, and it has none",
                    remedy: "Upload the organisation's public key (exhaustEncryptionKey).", mender: .operator)
            }
            return .publicKey(try PublicKey(pem: pem))
        case (.textKey, .some(let password)): return .textKey(password)
        case (.password, .some(let password)):
            return .zip(settings.usesTraditionalCipher ? .zipCrypto(password) : .aes256(password))
        case (.password, nil) where protection.isUnexpectedlyOpen: return .zip(.none)
        case (.plain, _): return .zip(.none)
        default:
            throw ExhaustError(.internalFault, "protection: no file can be made at level \(protection.level.rawValue)")
        }
    }
}
