public import ReportModel
public import ReportPorts
import Synchronization

/// What this process did since it began, counted as it happens.
public final class ServiceMetrics: Sendable {
    /// Counts of one operation. Each has a lock of its own, which is held for some nanoseconds.
    private final class Operation: Sendable {
        struct Counts {
            var statuses: [Int: Int] = [:]
            var seconds = Histogram([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
        }
        let counts = Mutex(Counts())
    }

    private struct Runs {
        struct Key: Hashable {
            var report: String
            var outcome: String
        }
        var seconds: [Key: Histogram] = [:]
        /// By report and code of the error.
        var failures: [Key: Int] = [:]
        var rows: [String: Int] = [:]
        var bytes: [String: Int64] = [:]
        var underWay = 0
    }

    private static let runBounds: [Double] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400]

    private let operations = Mutex<[String: Operation]>([:])
    private let runs = Mutex(Runs())

    /// Nothing yet.
    public init() {}

    /// A request was answered by `operation`, which is the name of a route, so that there are not many.
    public func answered(_ operation: String, status: Int, seconds: Double) {
        let counted = operations.withLock { operations in
            if let known = operations[operation] { return known }
            let new = Operation()
            operations[operation] = new
            return new
        }
        counted.counts.withLock { counts in
            counts.statuses[status, default: 0] += 1
            counts.seconds.add(seconds)
        }
    }

    /// A run began.
    public func began() { runs.withLock { $0.underWay += 1 } }

    /// A run ended; `stored` is the request as its end left it, nil if the lease was lost.
    public func ended(_ request: JobRequest, _ stored: StoredRequest?, seconds: Double) {
        let outcome =
            switch stored?.request.status {
            case .success: "success"
            case .failed: "failed"
            case .cancelled: "cancelled"
            case .submitted, .processing: "given_back"
            case nil: "lost"
            }
        runs.withLock { runs in
            runs.underWay -= 1
            let key = Runs.Key(report: request.reportID, outcome: outcome)
            runs.seconds[key, default: Histogram(Self.runBounds)].add(seconds)
            if let failure = stored?.run?.failure, stored?.request.status == .failed {
                runs.failures[Runs.Key(report: request.reportID, outcome: failure.code), default: 0] += 1
            }
            guard let stored, stored.request.status == .success else { return }
            runs.rows[request.reportID, default: 0] += stored.run?.progress.rows ?? 0
            runs.bytes[request.reportID, default: 0] += (stored.run?.files ?? []).reduce(0) { $0 + $1.fileBytes }
        }
    }

    /// Writes everything into `text`.
    func write(to text: inout MetricsText) {
        writeHTTP(&text)
        let runs = runs.withLock { $0 }
        text.begin("exhaust_runs_under_way", .gauge, "Runs that this process works on.")
        text.add("exhaust_runs_under_way", Double(runs.underWay))
        text.begin("exhaust_run_seconds", .histogram, "Time that runs of this process took, by report and outcome.")
        for (key, histogram) in runs.seconds.sorted(by: {
            ($0.key.report, $0.key.outcome) < ($1.key.report, $1.key.outcome)
        }) {
            text.add("exhaust_run_seconds", [("report", key.report), ("outcome", key.outcome)], histogram)
        }
        text.begin("exhaust_run_failures_total", .counter, "Failed attempts of this process, by report and error.")
        for (key, count) in runs.failures.sorted(by: {
            ($0.key.report, $0.key.outcome) < ($1.key.report, $1.key.outcome)
        }) {
            text.add("exhaust_run_failures_total", [("report", key.report), ("code", key.outcome)], Double(count))
        }
        text.begin("exhaust_rows_total", .counter, "Rows of finished reports of this process.")
        for (report, rows) in runs.rows.sorted(by: { $0.key < $1.key }) {
            text.add("exhaust_rows_total", [("report", report)], Double(rows))
        }
        text.begin("exhaust_file_bytes_total", .counter, "Bytes of finished files of this process.")
        for (report, bytes) in runs.bytes.sorted(by: { $0.key < $1.key }) {
            text.add("exhaust_file_bytes_total", [("report", report)], Double(bytes))
        }
    }

    private func writeHTTP(_ text: inout MetricsText) {
        let all = operations.withLock { $0 }.sorted { $0.key < $1.key }.map { name, operation in
            (name, operation.counts.withLock { $0 })
        }
        text.begin("exhaust_http_requests_total", .counter, "Requests answered, by operation and status.")
        for (name, counts) in all {
            for (status, count) in counts.statuses.sorted(by: { $0.key < $1.key }) {
                text.add("exhaust_http_requests_total", [("operation", name), ("status", "\(status)")], Double(count))
            }
        }
        text.begin("exhaust_http_request_seconds", .histogram, "Time until the answer began, by operation.")
        for (name, counts) in all where counts.seconds.count > 0 {
            text.add("exhaust_http_request_seconds", [("operation", name)], counts.seconds)
        }
    }
}
