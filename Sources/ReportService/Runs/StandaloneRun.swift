public import ReportModel
public import ReportPorts
public import ReportRows
public import SecureArchive

/// A report without a job table: for `exhaust run` and for programs that schedule by themselves.
public struct StandaloneRun: Sendable {
    /// What one batch gave.
    public struct Result: Sendable {
        /// The batch.
        public var batch: BatchKey
        /// Path of its file; nil if it was written as plain CSV.
        public var path: String?
        /// What was counted.
        public var tally: Tally
        /// What was found about the request and the file, besides the rows: unknown batches, for example.
        public var requestFindings: [Finding.Code: Int]
        /// The receipt; nil of plain CSV.
        public var receipt: JSONValue?
    }

    private let sources: SourcePorts
    private let settings: ServiceSettings
    private let report: any ReportDefinition
    private let config: DatasetConfig
    private let channel: String
    private let layout: ReportLayout?
    private let meter: RunMeter

    /// A run of `report` about the batches of `config`, asked by `channel` (`System` for each collection's own).
    public init(
        sources: SourcePorts, settings: ServiceSettings, report: any ReportDefinition, config: DatasetConfig,
        channel: String, layout: ReportLayout?, meter: RunMeter
    ) {
        self.sources = sources
        self.settings = settings
        self.report = report
        self.config = config
        self.channel = channel
        self.layout = layout
        self.meter = meter
    }

    /// Writes one file a batch into `files`, encrypted with `password` as the level of the channel demands. Parts of large
    /// reports wait in `parts`, sealed under a key that is never written down, and are removed at the end.
    public func writeFiles(
        to files: any FileStore, parts: any PartStore, password: Password?
    ) async throws -> [Result] {
        let now = sources.clock.now()
        let seal = PartSeal(key: try SymmetricKey.random())
        let run = "run-" + Hexadecimal.text(try RandomBytes.make(count: 8))
        let prepared = try await preparation.prepare(
            report: report, config: config, layout: layout, channel: channel, password: password)
        let names = FileNames.names(
            of: prepared.batches.map(\.batch.key), fileKey: report.fileKey,
            date: now.compactDate(offsetMinutes: settings.fileDateOffsetMinutes))
        return try await forEachBatch(of: prepared, asOf: now) { context, open in
            let name = names[context.batch.batch.key] ?? ""
            let vault = PartVault(store: parts, seal: seal, run: run, scope: name, batch: 0)
            let file = BatchFile(
                ports: sources.asOf(open), settings: settings, run: prepared, context: context, sources: open,
                meter: meter,
                requestID: nil, name: name)
            do {
                let made = try await publish(file, as: "\(name).zip", to: files, vault: vault)
                try await parts.removeAll(run: run)
                return Result(
                    batch: context.batch.batch.key, path: "\(name).zip", tally: made.tally,
                    requestFindings: prepared.findings(of: context.batch), receipt: made.receipt)
            } catch {
                await removeParts(of: run, in: parts)
                throw error
            }
        }
    }

    /// Writes the plain CSV of each batch to `sink`, each with its own header row. Throws `refused` for a report about
    /// personal data unless `allowsPersonalData`.
    public func writePlain(
        allowsPersonalData: Bool, to sink: @Sendable ([UInt8]) async throws -> Void
    ) async throws -> [Result] {
        if report.isPersonal, !allowsPersonalData {
            throw ExhaustError(
                .refused, "\(report.id): it holds contact details, and plain CSV would not protect them",
                remedy: "Use --out with a password, or --plain-personal-data if you answer for the CSV.")
        }
        let now = sources.clock.now()
        let prepared = try await preparation.prepare(
            report: report, config: config, layout: layout, channel: channel, password: nil, isPlain: true)
        return try await forEachBatch(of: prepared, asOf: now) { context, open in
            let batch = BatchReport(
                report: report, context: context, sources: open, settings: settings,
                catalogue: sources.asOf(open).catalogue,
                meter: meter)
            var inflater = Inflater()
            let tally = try await batch.stream { columns in
                try await sink(CSVWriter.header(of: columns, options: context.csv))
            } consume: { parts in
                for part in parts {
                    var plain: [UInt8] = []
                    plain.reserveCapacity(Int(part.summary.uncompressedCount))
                    try inflater.inflate(part) { plain.append(contentsOf: $0) }
                    try await sink(plain)
                }
            }
            return Result(
                batch: context.batch.batch.key, path: nil, tally: tally, requestFindings: prepared.findings,
                receipt: nil)
        }
    }

    private var preparation: RunPreparation { RunPreparation(sources: sources, settings: settings) }

    private func publish(
        _ file: BatchFile, as path: String, to files: any FileStore, vault: PartVault
    ) async throws -> BatchFile.Made {
        let rows = try await file.makeRows(vault: vault) {}
        let staged = try await files.stage(path, fencing: 0)
        do {
            let made = try await file.write(rows, to: staged)
            try await files.publish(staged.name)
            return made
        } catch {
            await staged.discard()
            throw error
        }
    }

    /// After a failure, which is what the caller has to hear of: parts that stay are sealed under a key that is gone.
    private func removeParts(of run: String, in parts: any PartStore) async {
        do { try await parts.removeAll(run: run) } catch {}
    }

    private func forEachBatch(
        of prepared: PreparedRun, asOf: Timestamp,
        _ body: (ReportContext, LearnerSources) async throws -> Result
    ) async throws -> [Result] {
        var needs = LearnerNeeds()
        for batch in prepared.batches {
            needs.formUnion(try await preparation.needs(of: batch, in: prepared, asOf: asOf))
        }
        let open = try await sources.learners.open(
            for: prepared.batches.map(\.batch.key), needs: needs, meter: meter.reading)
        do {
            var results: [Result] = []
            let shown = RunPreparation(sources: sources.asOf(open), settings: settings)
            for batch in prepared.batches {
                results.append(try await body(try await shown.context(of: batch, in: prepared, asOf: asOf), open))
            }
            await open.close()
            return results
        } catch {
            await open.close()
            throw error
        }
    }
}
