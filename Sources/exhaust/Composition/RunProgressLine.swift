import ReportModel
import ReportPorts
import ReportService
import Synchronization

/// Shows on a terminal how far the runs of a worker are.
struct RunProgressLine: Sendable {
    private struct Run: Sendable {
        let request: JobRequest
        let meter: RunMeter
        var bar: ProgressBar
    }

    private final class Runs: Sendable {
        let all = Mutex<[RequestKey: Run]>([:])
    }

    /// How often the line is drawn, in seconds.
    private static let interval = 0.1

    private let console: Console
    private let clock: SystemClock
    private let runs = Runs()

    init(console: Console, clock: SystemClock) {
        self.console = console
        self.clock = clock
    }

    /// Tells this line of a worker's runs.
    var observer: WorkerObserver {
        WorkerObserver { request, meter in
            let bar = ProgressBar(request.reportID, unit: "learners", at: clock.seconds)
            runs.all.withLock { $0[request.key] = Run(request: request, meter: meter, bar: bar) }
        } ended: { request, _ in
            let isLast = runs.all.withLock { all in
                all[request.key] = nil
                return all.isEmpty
            }
            if isLast { console.setStatus(nil) }
        }
    }

    /// Draws until the task is cancelled; nothing if there is no terminal.
    func show() async throws {
        guard console.isInteractive else { return }
        defer { console.setStatus(nil) }
        while true {
            try await clock.sleep(seconds: Self.interval)
            let line = runs.all.withLock { all -> String? in
                guard let key = all.keys.min(by: { $0.requestID < $1.requestID }) else { return nil }
                let progress = all[key]?.meter.progress ?? RunProgress()
                return all[key]?.bar.line(
                    done: progress.learnersDone, total: progress.learnersExpected, at: clock.seconds)
            }
            if let line { console.setStatus(line) }
        }
    }
}

extension SystemClock {
    /// Seconds since the epoch, for measuring.
    var seconds: Double { Double(now().milliseconds) / 1000 }
}
