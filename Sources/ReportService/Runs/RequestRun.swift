import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import SecureArchive

/// One attempt of a worker at one request: every batch that earlier attempts left, each published as soon as it is done.
struct RequestRun: Sendable {
    let ports: ServicePorts
    let settings: ServiceSettings
    let registry: ReportRegistry
    let master: MasterKey
    let leased: LeasedRequest
    let meter: RunMeter

    /// Runs the request to its outcome. Throws `CancellationError` when the run is stopped, `leaseLost` when it is
    /// no longer this worker's; then nothing more may be written.
    func outcome() async throws -> RunOutcome {
        let started = ports.clock.now()
        var failures: [ExhaustError] = []
        do {
            let finished = try await run(&failures)
            let milliseconds = ports.clock.now().milliseconds - started.milliseconds
            if failures.isEmpty {
                guard let finished else { return .givenBack(.throttled) }
                try await ports.parts.removeAll(run: partsName)
                return .succeeded(receipt: finished.compactText, milliseconds: milliseconds)
            }
        } catch let error as ExhaustError where error.code != .leaseLost && error.code != .cancelled {
            failures.append(error)
        }
        return .failed(
            Self.joined(failures), milliseconds: ports.clock.now().milliseconds - started.milliseconds)
    }

    /// The receipt of the whole request, or nil if it has to be given back with batches left.
    private func run(_ failures: inout [ExhaustError]) async throws -> JSONValue? {
        let request = leased.request
        for stale in leased.run.publishing { try await ports.files.discard(stale) }
        let report = try registry.report(named: request.reportID)
        let prepared = try await RunPreparation(sources: ports.sources, settings: settings).prepare(
            report: report, config: DatasetConfig(json: JSONValue(parsing: request.requestData)),
            layout: leased.run.layout, channel: request.requestedChannel, password: try password())
        let firstLeasedAt = leased.run.firstLeasedAt ?? ports.clock.now()
        let names = FileNames.names(
            of: prepared.batches.map(\.batch.key), fileKey: report.fileKey,
            date: firstLeasedAt.compactDate(offsetMinutes: settings.fileDateOffsetMinutes))
        var receipts = leased.run.files.map { ($0.batch, $0.receipt) }
        let done = Set(leased.run.files.map(\.batch))
        let pending = prepared.batches.filter { !done.contains($0.batch.key) }
        if !pending.isEmpty {
            let sources = try await ports.sources.learners.open(
                for: pending.map(\.batch.key), needs: try await needs(of: pending, in: prepared, asOf: firstLeasedAt))
            do {
                let seal = try await partSeal(dataVersion: sources.dataVersion)
                for (number, batch) in prepared.batches.enumerated() where !done.contains(batch.batch.key) {
                    if meter.mustYield { break }
                    try Task.checkCancellation()
                    do {
                        let file = try await publish(
                            batch, number: number, named: names[batch.batch.key] ?? "", in: prepared, sources: sources,
                            seal: seal, asOf: firstLeasedAt)
                        receipts.append((file.batch, file.receipt))
                    } catch let error as ExhaustError where error.code != .leaseLost && error.code != .cancelled {
                        failures.append(error)
                    }
                }
                await sources.close()
            } catch {
                await sources.close()
                throw error
            }
        }
        guard failures.isEmpty else { return nil }
        guard receipts.count == prepared.batches.count + done.subtracting(prepared.batches.map(\.batch.key)).count
        else { return nil }
        return try Self.receipt(receipts)
    }

    private func publish(
        _ batch: ResolvedBatch, number: Int, named name: String, in prepared: PreparedRun, sources: LearnerSources,
        seal: PartSeal, asOf: Timestamp
    ) async throws -> FinishedFile {
        let request = leased.request
        let path = "\(prepared.report.path)\(FileNames.encoded(request.requestID))/\(name).zip"
        let context = try await RunPreparation(sources: ports.sources, settings: settings)
            .context(of: batch, in: prepared, asOf: asOf)
        let staged = try await ports.files.stage(path, fencing: leased.token.fencing)
        do {
            let vault = PartVault(
                store: ports.parts, seal: seal, run: partsName,
                scope: partScope(batch, prepared, sources.dataVersion, asOf), batch: number)
            let made = try await BatchFile(
                ports: ports.sources, settings: settings, run: prepared, context: context, sources: sources,
                meter: meter,
                requestID: request.requestID, name: name
            ).make(into: staged, vault: vault) {
                try await ports.jobs.update(leased.token, .partKept(meter.progress))
            }
            try await ports.jobs.update(leased.token, .publishing([staged.name]))
            try await ports.files.publish(staged.name)
            let file = FinishedFile(
                batch: batch.batch.key, path: path, fileBytes: made.fileBytes, csvBytes: made.csvBytes,
                receipt: made.receipt.compactText)
            let processed = ProcessedBatch(
                channel: request.requestedChannel, batchID: batch.batch.key.batch,
                filePath: String(path.dropLast(".zip".count)) + ".csv", fileSize: made.csvBytes)
            try await ports.jobs.update(leased.token, .batchFinished(file, processed, meter.progress))
            return file
        } catch {
            await staged.discard()
            throw error
        }
    }

    /// The seal of the run's parts: the kept key if the data is still the same, else a new one, which makes parts of
    /// other data worthless.
    private func partSeal(dataVersion: String?) async throws -> PartSeal {
        if let sealed = leased.run.sealedRunKey, leased.run.dataVersion == dataVersion {
            return PartSeal(key: try master.runKey(sealed, of: leased.request.key))
        }
        let key = try SymmetricKey.random()
        try await ports.parts.removeAll(run: partsName)
        try await ports.jobs.update(
            leased.token,
            .began(dataVersion: dataVersion, sealedRunKey: try master.seal(runKey: key, of: leased.request.key)))
        return PartSeal(key: key)
    }

    /// Everything that the rows of a part depend on besides its range.
    private func partScope(
        _ batch: ResolvedBatch, _ prepared: PreparedRun, _ dataVersion: String?, _ asOf: Timestamp
    ) -> String {
        let rules = JSONValue.object(settings.receiptSettings.map { JSONValue.Member($0.0, $0.1) }).compactText
        return [
            leased.request.tag, leased.request.requestID, prepared.report.id, prepared.layout.rawValue,
            batch.batch.key.batch, batch.batch.key.collection, batch.requestingOrganisation, dataVersion ?? "",
            String(asOf.milliseconds), String(settings.learnersPerRange), String(settings.pieces.rows),
            String(settings.pieces.bytes), prepared.config.columns?.joined(separator: ",") ?? "", rules,
        ].joined(separator: "\u{0}")
    }

    private var partsName: String { FileNames.encoded(leased.request.requestID) }

    private func needs(of batches: [ResolvedBatch], in prepared: PreparedRun, asOf: Timestamp) async throws
        -> LearnerNeeds
    {
        guard let first = batches.first else { return LearnerNeeds() }
        let context = try await RunPreparation(sources: ports.sources, settings: settings)
            .context(of: first, in: prepared, asOf: asOf)
        return prepared.report.needs(in: context)
    }

    private func password() throws -> Password? {
        if let sealed = leased.run.sealedPassword { return try master.password(sealed, of: leased.request.key) }
        return try leased.request.encryptionKey.map { try Password(ports.storedKey($0)) }
    }

    private static func receipt(_ receipts: [(BatchKey, String)]) throws -> JSONValue {
        let batches = try receipts.sorted { $0.0 < $1.0 }.map { try JSONValue(parsing: $0.1) }
        return .members(("batches", .array(batches)))
    }

    /// One failure out of those of the batches; it can pass only if every one can.
    private static func joined(_ errors: [ExhaustError]) -> RunFailure {
        guard let first = errors.first else {
            return RunFailure(ExhaustError(.internalFault, "run: it ended without files and without an error"))
        }
        var failure = RunFailure(first)
        failure.message = errors.map(\.message).joined(separator: ", ")
        failure.canPass = errors.allSatisfy(\.canPass)
        return failure
    }
}
