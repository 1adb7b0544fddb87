import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// One attempt of a worker at one request: every batch that earlier attempts left, each published as soon as it is done.
struct RequestRun: Sendable {
    let leased: LeasedRequest
    let meter: RunMeter
    /// Parts of the batches in hand; to be removed once nobody will resume the run.
    let parts: RunParts
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry
    private let master: MasterKey

    init(
        ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry, master: MasterKey,
        leased: LeasedRequest, meter: RunMeter
    ) {
        self.ports = ports
        self.settings = settings
        self.registry = registry
        self.master = master
        self.leased = leased
        self.meter = meter
        parts = RunParts(ports: ports, master: master, leased: leased)
    }

    /// Runs the request to its outcome. Throws `CancellationError` when the run is stopped, `leaseLost` when it is
    /// no longer this worker's; then nothing more may be written.
    func outcome() async throws -> RunOutcome {
        let started = ports.clock.now()
        var failures: [ExhaustError] = []
        do {
            let receipt = try await run(&failures)
            if failures.isEmpty {
                guard let receipt else { return .givenBack(.throttled) }
                return .succeeded(receipt: receipt.compactText, milliseconds: milliseconds(since: started))
            }
        } catch let error as ExhaustError where Self.isFailure(error) {
            failures.append(error)
        }
        return .failed(RunFailure(of: failures), milliseconds: milliseconds(since: started))
    }

    /// The receipt of the whole request; nil if batches failed, or if it has to be given back with batches left.
    private func run(_ failures: inout [ExhaustError]) async throws -> JSONValue? {
        let request = leased.request
        for stale in leased.run.publishing { try await ports.files.discard(stale) }
        let prepared = try await preparation.prepare(
            report: try registry.report(named: request.reportID),
            config: DatasetConfig(json: JSONValue(parsing: request.requestData)), layout: leased.run.layout,
            channel: request.requestedChannel, password: try password(), tag: request.tag)
        var receipts: [BatchKey: JSONValue] = [:]
        for file in leased.run.files {
            let receipt = try JSONValue(parsing: file.receipt)
            receipts[file.batch] = receipt
            meter.addFinished(receipt)
        }
        let names = FileNames.names(
            of: prepared.batches.map(\.batch.key), fileKey: prepared.report.fileKey,
            date: asOf.compactDate(offsetMinutes: settings.fileDateOffsetMinutes))
        let pending = prepared.batches.enumerated().filter { receipts[$0.element.batch.key] == nil }
        try await withSources(of: pending.map(\.element), in: prepared, &failures) { readable, sources, failures in
            try await parts.begin(dataVersion: sources.dataVersion)
            for (number, batch) in pending where readable.contains(batch.batch.key) && !meter.mustYield {
                try Task.checkCancellation()
                do {
                    receipts[batch.batch.key] = try await publish(
                        batch, number: number, named: names[batch.batch.key] ?? "", in: prepared, sources: sources)
                } catch let error as ExhaustError where Self.isFailure(error) {
                    failures.append(error)
                }
            }
        }
        guard prepared.batches.allSatisfy({ receipts[$0.batch.key] != nil }) else { return nil }
        return .members(("batches", .array(receipts.sorted { $0.key < $1.key }.map(\.value))))
    }

    /// Makes the file of one batch and publishes it; answers with its receipt.
    private func publish(
        _ batch: ResolvedBatch, number: Int, named name: String, in prepared: PreparedRun, sources: LearnerSources
    ) async throws -> JSONValue {
        let request = leased.request
        let path = "\(prepared.report.path)\(FileNames.encoded(request.requestID))/\(name)"
        // Trees and titles of the data that was opened, not of an import that came meanwhile.
        let shown = ports.sources.asOf(sources)
        let context = try await RunPreparation(sources: shown, settings: settings)
            .context(of: batch, in: prepared, asOf: asOf)
        let vault = try parts.vault(
            scope: try PartScope.text(
                request: request, report: prepared.report, context: context, settings: settings,
                dataVersion: sources.dataVersion), batch: number)
        let batchFile = BatchFile(
            ports: shown, settings: settings, run: prepared, context: context, sources: sources, meter: meter,
            requestID: request.requestID, name: name)
        let rows = try await batchFile.makeRows(vault: vault) {
            try await ports.jobs.update(leased.token, .partKept(meter.progress))
        }
        // Staged only now: a file that nobody writes to for long is swept.
        let staged = try await ports.files.stage(path + ".zip", fencing: leased.token.fencing)
        do {
            let made = try await batchFile.write(rows, to: staged)
            try await ports.jobs.update(leased.token, .publishing([staged.name]))
            try await ports.files.publish(staged.name)
            let file = FinishedFile(
                batch: batch.batch.key, path: path + ".zip", fileBytes: made.fileBytes, csvBytes: made.csvBytes,
                receipt: made.receipt.compactText)
            let processed = ProcessedBatch(
                channel: request.requestedChannel, batchID: batch.batch.key.batch, filePath: path + ".csv",
                fileSize: made.csvBytes)
            try await ports.jobs.update(leased.token, .batchFinished(file, processed, meter.progress))
            return made.receipt
        } catch {
            await staged.discard()
            throw error
        }
    }

    /// Opens the sources for `batches`, and closes them when `body` is done. A batch whose needs cannot be known is a
    /// failure of its own, and not among those that `body` is told.
    private func withSources(
        of batches: [ResolvedBatch], in prepared: PreparedRun, _ failures: inout [ExhaustError],
        _ body: (Set<BatchKey>, LearnerSources, inout [ExhaustError]) async throws -> Void
    ) async throws {
        var needs = LearnerNeeds()
        var readable: [BatchKey] = []
        for batch in batches {
            do {
                needs.formUnion(try await preparation.needs(of: batch, in: prepared, asOf: asOf))
                readable.append(batch.batch.key)
            } catch let error as ExhaustError where Self.isFailure(error) {
                failures.append(error)
            }
        }
        if readable.isEmpty { return }
        let sources = try await ports.sources.learners.open(for: readable, needs: needs, meter: meter.reading)
        do {
            try await body(Set(readable), sources, &failures)
            await sources.close()
        } catch {
            await sources.close()
            throw error
        }
    }

    /// A key in the row is newer than what was sealed before: another program put it there.
    private func password() throws -> Password? {
        if let stored = leased.request.encryptionKey, !stored.isEmpty {
            return try Password(ports.storedKey(stored))
        }
        if let sealed = leased.run.sealedPassword { return try master.password(sealed, of: leased.request.key) }
        guard leased.run.passwordHash.isEmpty else {
            // Without it the files would be open.
            throw ExhaustError(
                .refused, "request \(leased.request.requestID): its password is gone",
                remedy: "Ask again with a password.")
        }
        return nil
    }

    /// The moment that counts as now, the same for every attempt.
    private var asOf: Timestamp { leased.run.firstLeasedAt ?? leased.request.submittedAt }

    private var preparation: RunPreparation { RunPreparation(sources: ports.sources, settings: settings) }

    private func milliseconds(since start: Timestamp) -> Int64 {
        ports.clock.now().milliseconds - start.milliseconds
    }

    /// Whether an error is the request's, and not the end of this worker's part in it.
    private static func isFailure(_ error: ExhaustError) -> Bool {
        error.code != .leaseLost && error.code != .cancelled
    }
}

extension RunFailure {
    /// One failure out of those of the batches. It can pass only if every one can; else it is the one that cannot which
    /// says what to do.
    init(of errors: [ExhaustError]) {
        guard let first = errors.first(where: { !$0.canPass }) ?? errors.first else {
            self.init(ExhaustError(.internalFault, "run: it ended without files and without an error"))
            return
        }
        self.init(first)
        var messages: [String] = []
        for error in errors where !messages.contains(error.message) { messages.append(error.message) }
        message = messages.joined(separator: ", ")
    }
}
