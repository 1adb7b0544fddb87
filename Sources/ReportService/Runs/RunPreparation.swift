import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// What a run needs to know before it reads the first learner.
struct PreparedRun: Sendable {
    var report: any ReportDefinition
    var config: DatasetConfig
    var layout: ReportLayout
    /// How CSV is written: as set, but for what the request asks for itself.
    var csv: CSVOptions
    var batches: [ResolvedBatch]
    /// Findings of the resolution, for every receipt.
    var findings: [Finding.Code: Int]
    /// How files are protected, by the organisation that asks; none for a plain run.
    var protections: [String: FileProtection]
    /// Whether the password is weaker than the rule asks for; those who may file such are told so.
    var hasWeakPassword: Bool

    /// What a reader of the file of `batch` must know besides its rows.
    func findings(of batch: ResolvedBatch) -> [Finding.Code: Int] {
        var findings = findings
        let rule = protections[batch.requestingOrganisation]?.rule
        if rule?.isUnexpectedlyOpen == true { findings[.notEncrypted] = 1 }
        if rule?.usesPassword == true, hasWeakPassword { findings[.weakPassword] = 1 }
        return findings
    }

    /// How the file of `batch` is protected.
    func protection(of batch: ResolvedBatch) throws(ExhaustError) -> FileProtection {
        guard let protection = protections[batch.requestingOrganisation] else {
            throw ExhaustError(.internalFault, "protection: none was decided for the organisation that asks")
        }
        return protection
    }
}

/// Checks a request and gathers everything that its run depends on besides the learners.
struct RunPreparation: Sendable {
    let sources: SourcePorts
    let settings: ServiceSettings

    /// Prepares the run of `config`; `password` is the requester's, if there is one. A plain run writes no file and
    /// needs no level. `tag` is the request's, if there is one.
    func prepare(
        report: any ReportDefinition, config: DatasetConfig, layout: ReportLayout?, channel: String,
        password: Password?, isPlain: Bool = false, tag: String? = nil
    ) async throws -> PreparedRun {
        let layout = try self.layout(of: report, config: config, wanted: layout)
        let resolution = try await BatchResolver(catalogue: sources.catalogue)
            .resolve(config, channel: channel, tag: tag)
        if report.isPersonal { try Self.checkConsent(resolution.batches) }
        var protections: [String: FileProtection] = [:]
        if !isPlain {
            // Several only where nobody asks and each collection's own organisation stands for it.
            for organisation in Set(resolution.batches.map(\.requestingOrganisation)) {
                protections[organisation] = try await protection(
                    of: report, organisation: organisation, password: password)
            }
        }
        var csv = settings.csv
        if let byteOrderMark = config.byteOrderMark { csv.byteOrderMark = byteOrderMark }
        return PreparedRun(
            report: report, config: config, layout: layout, csv: csv, batches: resolution.batches,
            findings: resolution.findings, protections: protections,
            hasWeakPassword: password.map { !settings.passwordRule.isMet(by: $0) } ?? false)
    }

    /// What the report has to know of the learners of `batch`.
    func needs(of batch: ResolvedBatch, in run: PreparedRun, asOf: Timestamp) async throws -> LearnerNeeds {
        run.report.needs(in: try await context(of: batch, in: run, asOf: asOf))
    }

    /// The context of one batch's rows.
    func context(of batch: ResolvedBatch, in run: PreparedRun, asOf: Timestamp) async throws -> ReportContext {
        ReportContext(
            batch: batch, tree: try await sources.catalogue.tree(of: batch.collection.identifier),
            optionalNodes: try await sources.catalogue.optionalNodes(of: batch.collection.identifier),
            layout: run.layout, csv: run.csv, rules: settings.rules, selectedColumns: run.config.columns,
            asOf: asOf, decrypter: sources.decrypter)
    }

    /// Refuses at submit what is known to fail: too many batches, an unknown layout or column, a missing key, an unknown
    /// batch, a retired collection, one that asks for no consent. The hits of a search may change, so they are not
    /// looked at.
    func check(
        report: any ReportDefinition, config: DatasetConfig, channel: String, password: Password?, tag: String? = nil
    ) async throws {
        if config.isSearch {
            _ = try layout(of: report, config: config, wanted: nil)
            if channel == BatchResolver.system { return }
            _ = try await protection(of: report, organisation: channel, password: password)
            return
        }
        let run = try await prepare(
            report: report, config: config, layout: nil, channel: channel, password: password, tag: tag)
        if config.columns != nil, let batch = run.batches.first {
            _ = try report.columns(in: try await context(of: batch, in: run, asOf: sources.clock.now()))
        }
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

    /// How files for `organisation` are protected. Throws `refused` where the key that the level needs is missing.
    private func protection(
        of report: any ReportDefinition, organisation: String, password: Password?
    ) async throws -> FileProtection {
        let level = try await sources.level(of: organisation, report: report, settings: settings)
        let rule = try Protection.rule(
            level: level, report: report, hasPassword: password != nil, requiresKey: settings.requiresKey)
        return FileProtection(
            rule: rule, means: try await means(of: rule, password: password, organisation: organisation))
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

    private func means(
        of rule: Protection, password: Password?, organisation: String
    ) async throws -> FileProtection.Means {
        switch (rule.level, password) {
        case (.publicKey, _):
            guard let pem = try await sources.policies.publicKey(of: organisation) else {
                throw ExhaustError(
                    .refused, "organisation \(organisation): its policy demands a public key, and it has none",
                    remedy: "Upload the organisation's public key (exhaustEncryptionKey).", mender: .operator)
            }
            return .publicKey(try Self.key(pem, of: organisation))
        case (.textKey, .some(let password)): return .textKey(password)
        case (.password, .some(let password)):
            return .zip(settings.usesTraditionalCipher ? .zipCrypto(password) : .aes256(password))
        case (.password, nil) where rule.isUnexpectedlyOpen: return .zip(.none)
        case (.plain, _): return .zip(.none)
        default:
            throw ExhaustError(.internalFault, "protection: no file can be made at level \(rule.level.rawValue)")
        }
    }

    private static func key(_ pem: [UInt8], of organisation: String) throws(ExhaustError) -> PublicKey {
        do {
            return try PublicKey(pem: pem)
        } catch {
            throw ExhaustError(
                .refused, "organisation \(organisation): \(error.message)",
                remedy: "Upload an RSA public key in PEM form (exhaustEncryptionKey).", mender: .operator, cause: error)
        }
    }
}
