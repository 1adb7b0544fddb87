public import ReportModel
import ReportPorts
public import ReportRows
import SecureArchive
import Synchronization

/// Makes previews: the first rows of a report, by the very code that makes the report, and what the whole will be like.
public final class Previewing: Sendable {
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let limits: PreviewLimits
    private let underWay = Mutex(0)

    /// The use case on these ports.
    public init(ports: ServicePorts, settings: ServiceSettings, limits: PreviewLimits = PreviewLimits()) {
        self.ports = ports
        // As the file will have it, but for what only its bytes show.
        var settings = settings
        settings.csv = CSVOptions(formulaGuard: settings.csv.formulaGuard)
        self.settings = settings
        self.limits = limits
    }

    /// A preview of `report` about the batches of `config`, asked by `channel`. `permit` is called with the batches before any
    /// learner is read. Throws what a submission would throw, what `permit` throws, `tooManyRequests`, and `unavailable` if
    /// it takes too long.
    public func preview(
        of report: any ReportDefinition, config: DatasetConfig, channel: String,
        permit: @escaping @Sendable ([BatchRecord]) async throws -> Void
    ) async throws -> Preview {
        try underWay.withLock { count throws(ExhaustError) in
            guard count < limits.parallel else {
                throw ExhaustError(
                    .tooManyRequests, "preview: \(limits.parallel) are being made already",
                    remedy: "Try again in a few seconds.")
            }
            count += 1
        }
        defer { underWay.withLock { $0 -= 1 } }
        return try await withThrowingTaskGroup(of: Preview?.self) { group in
            group.addTask { [self] in try await make(report, config, channel, permit) }
            group.addTask { [self] in
                try await ports.clock.sleep(seconds: limits.seconds)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            guard let first else {
                throw ExhaustError(
                    .unavailable, "preview: it took longer than \(Int(limits.seconds)) s",
                    remedy: "Ask for the report itself; it is made in the background.")
            }
            return first
        }
    }

    private func make(
        _ report: any ReportDefinition, _ config: DatasetConfig, _ channel: String,
        _ permit: @Sendable ([BatchRecord]) async throws -> Void
    ) async throws -> Preview {
        // Every level is checked as if the password were there, which is asked for only at the end.
        let prepared = try await RunPreparation(sources: ports.sources, settings: settings).prepare(
            report: report, config: config, layout: nil, channel: channel, password: Password("no password yet"))
        try await permit(prepared.batches.map(\.batch))
        let asOf = ports.clock.now()
        let preparation = RunPreparation(sources: ports.sources, settings: settings)
        var needs = LearnerNeeds()
        if let batch = prepared.batches.first {
            needs = try await preparation.needs(of: batch, in: prepared, asOf: asOf)
        }
        let open = try await ports.sources.learners.open(for: prepared.batches.map(\.batch.key), needs: needs)
        do {
            let preview = try await make(prepared, open, asOf: asOf)
            await open.close()
            return preview
        } catch {
            await open.close()
            throw error
        }
    }

    private func make(_ prepared: PreparedRun, _ open: LearnerSources, asOf: Timestamp) async throws -> Preview {
        let sources = ports.sources.asOf(open)
        let counts = try await learnerCounts(prepared, open)
        let began = ContinuousClock.now
        // The first batch that has anybody; an empty one still tells its columns.
        let shown = prepared.batches.first { (counts[$0.batch.key] ?? 0) > 0 } ?? prepared.batches.first
        guard let shown, let protection = prepared.protections[shown.requestingOrganisation] else {
            throw ExhaustError(.internalFault, "preview: no batch was resolved")
        }
        let context = try await RunPreparation(sources: sources, settings: settings)
            .context(of: shown, in: prepared, asOf: asOf)
        let sample = try await BatchReport(
            report: prepared.report, context: context, sources: open, settings: settings, catalogue: sources.catalogue,
            meter: RunMeter()
        ).sample(rows: limits.rows, learners: limits.learners, step: limits.step)
        let spent = began.duration(to: .now)
        let total = counts.values.reduce(0, +)
        let scale = sample.tally.learners > 0 ? Double(total) / Double(sample.tally.learners) : 0
        let deflated = sample.parts.reduce(0) { $0 + $1.deflated.count }
        let findings = sample.tally.leftOut.merging(sample.tally.findings, uniquingKeysWith: +)
            .merging(prepared.findings(of: shown), uniquingKeysWith: +)
        let rate =
            try await learnersPerSecond(of: prepared.report) ?? Double(sample.tally.learners) / max(spent.seconds, 1e-3)
        return Preview(
            level: protection.rule.level, layout: prepared.layout, columns: sample.columns,
            rows: Preview.masked(try firstRows(sample), columns: sample.columns),
            batches: prepared.batches.map(\.batch),
            learners: total, sampleLearners: sample.tally.learners,
            rowsEstimate: Int((Double(sample.tally.rows) * scale).rounded()),
            bytesEstimate: Int64(Double(deflated) * scale) + Int64(prepared.batches.count) * Self.bytesOfEmptyFile,
            secondsEstimate: rate > 0 ? Double(total) / rate : 0,
            findings: findings.sorted { $0.key < $1.key }.map { Finding($0.key, count: $0.value) })
    }

    /// Receipt, dictionary and the frame of the archive.
    private static let bytesOfEmptyFile: Int64 = 2_000

    private func firstRows(_ sample: BatchSample) throws -> [[String]] {
        var inflater = Inflater()
        var rows: [[String]] = []
        for part in sample.parts where rows.count < limits.rows {
            var plain: [UInt8] = []
            try inflater.inflate(part) { plain.append(contentsOf: $0) }
            rows += CSVCells.rows(plain, limit: limits.rows - rows.count)
        }
        return rows
    }

    private func learnerCounts(_ prepared: PreparedRun, _ open: LearnerSources) async throws -> [BatchKey: Int] {
        let keys = prepared.batches.map(\.batch.key)
        let catalogue = open.catalogue ?? ports.sources.catalogue
        if let browsing = catalogue as? any CatalogueBrowsing {
            return try await browsing.enrolmentCounts(of: keys).mapValues(\.enrolled)
        }
        var counts: [BatchKey: Int] = [:]
        for key in keys {
            counts[key] = try await open.roster.plan(of: key, learnersPerRange: settings.learnersPerRange).count
        }
        return counts
    }

    /// How fast the latest runs of the report were; nil if there was none.
    private func learnersPerSecond(of report: any ReportDefinition) async throws -> Double? {
        let done = try await ports.jobs.requests(RequestQuery(statuses: [.success], limit: 50))
        var learners = 0
        var milliseconds: Int64 = 0
        for stored in done where stored.request.reportID == report.id && stored.run?.sharedWith == nil {
            guard let run = stored.run, let spent = stored.request.executionMilliseconds, spent > 0 else { continue }
            learners += run.progress.learnersDone
            milliseconds += spent
        }
        return learners > 0 ? Double(learners) * 1_000 / Double(milliseconds) : nil
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
