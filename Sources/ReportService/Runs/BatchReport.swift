import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// The rows of one batch, finished: its parts by range, and what they count.
struct BatchParts: Sendable {
    /// The parts of one range: at hand, or in the vault.
    enum Range: Sendable {
        case inMemory([Part])
        case inVault([PartSummary])

        var summaries: [PartSummary] {
            switch self {
            case .inMemory(let parts): parts.map(\.summary)
            case .inVault(let summaries): summaries
            }
        }
    }

    var ranges: [Range] = []
    var tally = Tally()
    var columns: [ColumnDescription]
}

/// Makes the rows of one batch: roster, ranges (some at once), parts.
struct BatchReport: Sendable {
    let report: any ReportDefinition
    let context: ReportContext
    let sources: LearnerSources
    let settings: ServiceSettings
    let catalogue: any CatalogueSource
    let meter: RunMeter

    /// Makes every part, or takes it from `vault` if an earlier attempt finished it. Small batches keep their parts in
    /// memory, as does a run without a vault. `kept` is called after each range that went into the vault.
    func make(vault: PartVault?, kept: @Sendable () async throws -> Void) async throws -> BatchParts {
        let plan = try await plan()
        let vault = plan.count > settings.inMemoryLearners ? vault : nil
        let (ranges, columns) = try await prepare(plan)
        var result = BatchParts(columns: columns)
        try await forEachInOrder(count: plan.ranges.count, width: settings.parallelRanges) { index in
            if let parts = try await vault?.load(range: index) {
                let notes = try PartNotes(bytes: parts.last?.notes ?? [])
                meter.add(learners: notes.tally.learners, rows: notes.tally.rows)
                return (BatchParts.Range.inVault(parts.map(\.summary)), notes.tally, false)
            }
            let parts = try await ranges.parts(of: plan.ranges[index])
            let tally = try PartNotes(bytes: parts.last?.notes ?? []).tally
            guard let vault else { return (.inMemory(parts), tally, false) }
            try await vault.keep(parts, range: index)
            return (.inVault(parts.map(\.summary)), tally, true)
        } consume: { _, made in
            result.ranges.append(made.0)
            result.tally.add(made.1)
            if made.2 { try await kept() }
        }
        return result
    }

    /// Tells the columns, then makes the parts and hands them on in order, keeping none: for plain CSV.
    func stream(
        begin: ([ColumnDescription]) async throws -> Void, consume: ([Part]) async throws -> Void
    ) async throws -> Tally {
        let plan = try await plan()
        let (ranges, columns) = try await prepare(plan)
        try await begin(columns)
        var tally = Tally()
        try await forEachInOrder(count: plan.ranges.count, width: settings.parallelRanges) { index in
            try await ranges.parts(of: plan.ranges[index])
        } consume: { _, parts in
            tally.add(try PartNotes(bytes: parts.last?.notes ?? []).tally)
            try await consume(parts)
        }
        return tally
    }

    private func plan() async throws -> RosterPlan {
        let plan = try await sources.roster.plan(
            of: context.batch.batch.key, learnersPerRange: settings.learnersPerRange)
        meter.expect(learners: plan.count)
        return plan
    }

    private func prepare(_ plan: RosterPlan) async throws -> (RangeReport, [ColumnDescription]) {
        var context = context
        if let survey = report.makeSurvey(in: context) {
            let first = try await rangeReport(context)
            var contents: Set<String> = []
            try await forEachInOrder(count: plan.ranges.count, width: settings.parallelRanges) { index in
                try await first.contents(of: plan.ranges[index], survey: survey)
            } consume: { _, found in
                contents.formUnion(found)
            }
            context.surveyedContents = contents.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        return (try await rangeReport(context), try report.columns(in: context))
    }

    private func rangeReport(_ context: ReportContext) async throws -> RangeReport {
        let needs = report.needs(in: context)
        let hasArchive =
            needs.archivedAttempts ? try await sources.archive.hasArchive(of: context.batch.batch.key) : false
        return RangeReport(
            reading: LearnerReading(
                sources: sources, batch: context.batch, needs: needs, limits: settings.pages, mergesArchive: hasArchive),
            report: report, context: context,
            titles: needs.attempts == .questions ? TitleCache(catalogue: catalogue) : nil,
            pieces: settings.pieces, deflateLevel: Deflater.Level(rawValue: UInt32(settings.deflateLevel)) ?? .fast,
            meter: meter)
    }
}
