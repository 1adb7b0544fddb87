import ReportModel
import ReportPorts
import ReportRows
import SecureArchive
import Synchronization

/// The rows of one batch, finished: its parts by range, and what they count.
struct BatchParts: Sendable {
    /// One part: at hand, or in the vault.
    enum Piece: Sendable {
        case inMemory(Part)
        case inVault(PartSummary)

        var summary: PartSummary {
            switch self {
            case .inMemory(let part): part.summary
            case .inVault(let summary): summary
            }
        }

        var isInVault: Bool {
            if case .inVault = self { true } else { false }
        }
    }

    /// The parts of each range, in order.
    var ranges: [[Piece]] = []
    var tally = Tally()
    var columns: [ColumnDescription]
    /// Where the pieces in the vault are.
    var vault: PartVault
}

/// The first rows of one batch.
struct BatchSample: Sendable {
    var columns: [ColumnDescription]
    var parts: [Part] = []
    /// Counts of the learners that were looked at.
    var tally = Tally()
}

/// Makes the rows of one batch: roster, ranges (some at once), parts.
struct BatchReport: Sendable {
    let report: any ReportDefinition
    let context: ReportContext
    let sources: LearnerSources
    let settings: ServiceSettings
    let catalogue: any CatalogueSource
    let meter: RunMeter

    private struct MadeRange: Sendable {
        var pieces: [BatchParts.Piece]
        var tally: Tally
        var isNewInVault = false
    }

    /// Makes every part, or takes it from `vault` if an earlier attempt finished it. Parts of small batches stay in
    /// memory as far as there is room. `kept` is called after each range that went into the vault.
    func make(vault: PartVault, kept: @Sendable () async throws -> Void) async throws -> BatchParts {
        let plan = try await plan()
        let (ranges, columns) = try await prepare(plan.ranges)
        var vault = vault
        vault.scope += "\u{0}" + columns.map(\.label).joined(separator: "\u{0}")
        let memory = MemoryRoom(bytes: plan.count > settings.inMemoryLearners ? nil : settings.inMemoryBytes)
        var result = BatchParts(columns: columns, vault: vault)
        try await forEachInOrder(count: plan.ranges.count, width: settings.parallelRanges) { [vault] index in
            if let finished = try await vault.finished(range: index) {
                meter.add(learners: finished.tally.learners, rows: finished.tally.rows)
                return MadeRange(pieces: finished.summaries.map { .inVault($0) }, tally: finished.tally)
            }
            var pieces: [BatchParts.Piece] = []
            var before = PartSummary.empty
            let tally = try await ranges.makeParts(of: plan.ranges[index]) { part in
                if memory.takes(part) {
                    pieces.append(.inMemory(part))
                } else {
                    try await vault.keep(part, range: index, piece: pieces.count, after: before)
                    pieces.append(.inVault(part.summary))
                }
                before = try before.joined(part.summary)
            }
            return MadeRange(pieces: pieces, tally: tally, isNewInVault: pieces.allSatisfy(\.isInVault))
        } consume: { _, made in
            result.ranges.append(made.pieces)
            result.tally.add(made.tally)
            if made.isNewInVault { try await kept() }
        }
        return result
    }

    /// Tells the columns, then makes the parts and hands them on in order, keeping none: for plain CSV.
    func stream(
        begin: ([ColumnDescription]) async throws -> Void, consume: ([Part]) async throws -> Void
    ) async throws -> Tally {
        let plan = try await plan()
        let (ranges, columns) = try await prepare(plan.ranges)
        try await begin(columns)
        var tally = Tally()
        try await forEachInOrder(count: plan.ranges.count, width: settings.parallelRanges) { index in
            var parts: [Part] = []
            let tally = try await ranges.makeParts(of: plan.ranges[index]) { parts.append($0) }
            return (parts: parts, tally: tally)
        } consume: { _, made in
            tally.add(made.tally)
            try await consume(made.parts)
        }
        return tally
    }

    /// The rows of the first learners, made as those of the whole batch are: of `step` learners at a time, until there are
    /// `rows` rows or `learners` learners were looked at.
    func sample(rows: Int, learners: Int, step: Int) async throws -> BatchSample {
        let batch = context.batch.batch.key
        let keys = try await sources.roster.page(of: batch, range: .everybody, after: nil, limit: learners)
        let (ranges, columns) = try await prepare([UserRange(after: nil, through: keys.range.through)])
        var sample = BatchSample(columns: columns)
        var after: [UInt8]?
        while sample.tally.rows < rows, sample.tally.learners < keys.count {
            let next = try await sources.roster.page(of: batch, range: keys.range, after: after, limit: step)
            guard let last = next.lastID else { break }
            sample.tally.add(
                try await ranges.makeParts(of: UserRange(after: after, through: last)) { sample.parts.append($0) })
            after = last
        }
        return sample
    }

    private func plan() async throws -> RosterPlan {
        let plan = try await sources.roster.plan(
            of: context.batch.batch.key, learnersPerRange: settings.learnersPerRange)
        meter.expect(learners: plan.count)
        return plan
    }

    private func prepare(_ all: [UserRange]) async throws -> (RangeReport, [ColumnDescription]) {
        var context = context
        if let survey = report.makeSurvey(in: context) {
            let first = try await rangeReport(context)
            let contents = FoundContents()
            try await forEachInOrder(count: all.count, width: settings.parallelRanges) { index in
                // In most courses the first learners have attempted everything.
                if contents.all.count == survey.contentsAtMost { return }
                contents.add(try await first.contents(of: all[index], survey: survey))
            } consume: { _, _ in
            }
            context.surveyedContents = contents.all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
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
            pieces: settings.pieceLimits,
            deflateLevel: Deflater.Level(rawValue: UInt32(clamping: settings.deflateLevel)) ?? .fast, meter: meter)
    }
}

/// What a survey has found so far, in all ranges.
private final class FoundContents: Sendable {
    private let found = Mutex<Set<String>>([])

    var all: Set<String> { found.withLock { $0 } }

    func add(_ contents: Set<String>) { found.withLock { $0.formUnion(contents) } }
}

/// Room for parts in memory; without any, every part goes into the vault, from which a run can be resumed.
private final class MemoryRoom: Sendable {
    private let left: Mutex<Int>

    init(bytes: Int?) { left = Mutex(bytes ?? -1) }

    func takes(_ part: Part) -> Bool {
        left.withLock { left in
            guard left >= part.deflated.count else { return false }
            left -= part.deflated.count
            return true
        }
    }
}
