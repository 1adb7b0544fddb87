import JobLifecycle
import ReportModel
import ReportPorts
public import ReportRows

/// Takes requests from the job store and makes their files: the service's engine.
///
/// Cancelling the task that runs it stops it cleanly: runs are given back, and no attempt is counted for them.
public struct Worker: Sendable {
    /// When a worker ends.
    public enum Mode: Sendable, Hashable {
        /// When nothing waits any more: for cron.
        case once
        /// When its task is cancelled.
        case forever
    }

    private let name: String
    private let ports: ServicePorts
    private let settings: ServiceSettings
    private let registry: ReportRegistry
    private let master: MasterKey
    private let observer: WorkerObserver

    /// A worker; `name` is unique among all workers of the store.
    public init(
        name: String, ports: ServicePorts, settings: ServiceSettings, registry: ReportRegistry = .standard,
        master: MasterKey, observer: WorkerObserver = WorkerObserver()
    ) {
        self.name = name
        self.ports = ports
        self.settings = settings
        self.registry = registry
        self.master = master
        self.observer = observer
    }

    /// Works on requests for `reports` (empty: all that are registered; rows of other programs in the same table are left
    /// alone) until the mode or a cancellation ends it.
    /// Throws what the job store throws when it cannot be asked for work in mode `once`.
    public func run(_ mode: Mode, reports: Set<String> = []) async throws {
        let reports = registry.names(of: reports)
        let (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let runs = ActiveRuns()
        // A discarding group keeps nothing of runs that have ended, however long the worker lives.
        try await withThrowingDiscardingTaskGroup { group in
            let heartbeat = Heartbeat(
                ports: ports, settings: settings, runs: runs, reports: reports, told: observer.beat)
            group.addTask { await heartbeat.run() }
            group.addTask { await poll(wake) }
            if let notifying = ports.jobs as? any JobNotifying {
                group.addTask { for await _ in notifying.work() { wake.yield() } }
            }
            var iterator = wakeUps.makeAsyncIterator()
            while !Task.isCancelled {
                var isIdle = false
                while runs.count < settings.parallelRequests, !Task.isCancelled {
                    guard let leased = try await lease(reports, mode) else {
                        isIdle = true
                        break
                    }
                    let meter = RunMeter()
                    let (stopNotice, stop) = AsyncStream.makeStream(of: Never.self)
                    runs.add(ActiveRuns.Run(token: leased.token, meter: meter, stopNotice: stop))
                    group.addTask {
                        await execute(leased, meter, stopNotice)
                        runs.remove(leased.token)
                        wake.yield()
                    }
                }
                if isIdle, mode == .once, runs.count == 0 { break }
                _ = await iterator.next()
            }
            group.cancelAll()
        }
    }

    private func lease(_ reports: Set<String>, _ mode: Mode) async throws -> LeasedRequest? {
        let ask = LeaseAsk(
            worker: name, reports: reports, leaseSeconds: settings.leaseSeconds, throttle: settings.throttle)
        do {
            return try await ports.jobs.lease(ask)
        } catch {
            if mode == .once { throw error }
            if Task.isCancelled { return nil }
            // The poll asks again; a store that is away for a while must not end the worker.
            ports.log.log(.error, "lease-failed", [("error", .string(ExhaustError.wrap(error).description))])
            return nil
        }
    }

    private func poll(_ wake: AsyncStream<Void>.Continuation) async {
        while await ports.clock.slept(seconds: settings.pollSeconds) { wake.yield() }
    }

    private func execute(_ leased: LeasedRequest, _ meter: RunMeter, _ stopNotice: AsyncStream<Never>) async {
        observer.began(leased.request, meter)
        log(.info, "run-began", leased, [])
        let run = RequestRun(
            ports: ports, settings: settings, registry: registry, master: master, leased: leased, meter: meter)
        let outcome = await outcome(of: run, stopNotice)
        guard let outcome else {
            log(.warning, "run-lost", leased, [])
            observer.ended(leased.request, nil)
            return
        }
        // The end has to be told also when this task is cancelled: that is what gives a run back at a stop.
        let stored = await Task { await finish(run, outcome) }.value
        observer.ended(leased.request, stored)
    }

    /// Runs until the run ends or has to stop. Nil if the lease is lost, and there is nothing to tell any more.
    private func outcome(
        of run: RequestRun, _ stopNotice: AsyncStream<Never>
    ) async -> RunOutcome? {
        let ended: RunOutcome?
        do {
            ended = try await withThrowingTaskGroup(of: RunOutcome?.self) { group in
                group.addTask { try await run.outcome() }
                group.addTask {
                    for await _ in stopNotice {}
                    return nil
                }
                // Either the run ends, or it is told to stop; then its end is waited for.
                let first = try await group.next() ?? nil
                group.cancelAll()
                if let first { return first }
                return try await group.next() ?? nil
            }
        } catch {
            ended = Self.outcome(of: ExhaustError.wrap(error))
        }
        switch (run.meter.stop, ended) {
        case (.leaseLost, _): return nil
        case (_, .succeeded): return ended
        case (.cancelled, _): return .cancelled
        // What fails while the worker stops may fail because it stops: that is no failed attempt.
        case (nil, .failed) where Task.isCancelled: return .givenBack(.shutDown)
        case (nil, _): return ended
        }
    }

    private static func outcome(of error: ExhaustError) -> RunOutcome? {
        switch error.code {
        case .leaseLost: nil
        case .cancelled: .givenBack(.shutDown)
        default: .failed(RunFailure(error), milliseconds: 0)
        }
    }

    private func finish(_ run: RequestRun, _ outcome: RunOutcome) async -> StoredRequest? {
        let leased = run.leased
        let stored: StoredRequest
        do {
            stored = try await ports.jobs.finish(leased.token, outcome)
        } catch {
            // The lease ends by itself then, and the request is taken up again from what is done.
            log(.error, "finish-failed", leased, [("error", .string(ExhaustError.wrap(error).description))])
            return nil
        }
        if stored.request.status == .success || stored.request.status == .cancelled { await run.parts.remove() }
        var values: [(String, JSONValue)] = [
            ("status", .string(stored.request.status.rawValue)),
            ("rows", .integer(stored.run?.progress.rows ?? 0)),
        ]
        if case .failed(let failure, _) = outcome {
            values += [("code", .string(failure.code)), ("error", .string(failure.message))]
        }
        log(stored.request.status == .failed ? .warning : .info, "run-ended", leased, values)
        return stored
    }

    private func log(_ level: LogLevel, _ event: String, _ leased: LeasedRequest, _ more: [(String, JSONValue)]) {
        let values: [(name: String, value: JSONValue)] =
            [
                ("request", .string(leased.request.requestID)), ("report", .string(leased.request.reportID)),
                ("fencing", .integer(leased.token.fencing)),
            ] + more.map { (name: $0.0, value: $0.1) }
        ports.log.log(level, event, values)
    }
}
