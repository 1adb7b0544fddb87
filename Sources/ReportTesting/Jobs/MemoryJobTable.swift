import JobLifecycle
import ReportModel

/// The tables of a job store as dictionaries.
struct MemoryJobTable: Sendable {
    var rows: [RequestKey: JobRequest] = [:]
    var runs: [RequestKey: JobRun] = [:]
    var finished: [FinishedBatch] = []
    /// Requests whose runs cannot be read.
    var damaged: Set<RequestKey> = []
}

/// A transaction over tables in memory.
final class MemoryJobTransaction: JobTable {
    var tables: MemoryJobTable
    /// Whether anything was written.
    private(set) var hasWritten = false

    init(_ tables: MemoryJobTable) { self.tables = tables }

    func isFaultOfRow(_ error: ExhaustError) -> Bool { error.code == .dataDamaged }

    func load(_ key: RequestKey) throws -> (request: JobRequest, run: JobRun?)? {
        if tables.damaged.contains(key) {
            throw ExhaustError(.dataDamaged, "run of request \(key.requestID): it cannot be read")
        }
        return tables.rows[key].map { ($0, tables.runs[key]) }
    }

    func loadOrphan(_ key: RequestKey) -> JobRun? { tables.runs[key] }

    func save(_ request: JobRequest, _ run: JobRun?) {
        hasWritten = true
        tables.rows[request.key] = request
        if let run { tables.runs[request.key] = run }
    }

    func releaseOrphan(_ key: RequestKey) {
        tables.runs[key]?.owner = nil
        tables.runs[key]?.leasedUntil = nil
    }

    func endedLeases(at now: Timestamp) -> [RequestKey] {
        tables.runs.filter { $0.value.owner != nil && $0.value.leasedUntil.map { $0 <= now } ?? true }.map(\.key)
    }

    func endedBackOffs(at now: Timestamp) -> [RequestKey] {
        tables.runs.filter { key, run in
            run.willRetry && run.notBefore.map { $0 <= now } ?? true && tables.rows[key]?.status == .failed
        }.map(\.key)
    }

    func waitingChannels(reports: Set<String>) -> [WaitingChannel] {
        Dictionary(grouping: tables.rows.values.lazy.filter { $0.status == .submitted }, by: \.requestedChannel)
            .compactMap { channel, rows in
                rows.map(\.submittedAt).min().map { WaitingChannel(name: channel, oldest: $0) }
            }
    }

    func oldestWaiting(
        in channel: String, reports: Set<String>, at now: Timestamp, mayLease: (WaitingRequest) -> Bool
    ) throws -> WaitingRequest? {
        try tables.rows.values
            .filter { $0.status == .submitted && $0.requestedChannel == channel }
            .filter { reports.isEmpty || reports.contains($0.reportID) }
            .compactMap { try WaitingRequest($0, run: tables.runs[$0.key], at: now) }
            .filter(mayLease)
            .min { ($0.submittedAt, $0.key.tag, $0.key.requestID) < ($1.submittedAt, $1.key.tag, $1.key.requestID) }
    }

    func allWaiting(at now: Timestamp, reports: Set<String>) throws -> [WaitingRequest] {
        try tables.rows.values.filter { reports.isEmpty || reports.contains($0.reportID) }.compactMap {
            try WaitingRequest($0, run: tables.runs[$0.key], at: now)
        }
    }

    func liveRuns() throws -> [(channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)] {
        try tables.runs.compactMap { key, run in
            guard run.owner != nil, let row = tables.rows[key], row.status == .processing else { return nil }
            return (row.requestedChannel, try ShareKey(of: row, run: run), run.firstLeasedAt)
        }
    }

    func sharers(of key: ShareKey) throws -> [RequestKey] {
        try tables.rows.values
            .filter { row in
                try [.submitted, .failed].contains(row.status) && ShareKey(of: row, run: tables.runs[row.key]) == key
            }
            .map(\.key)
    }

    func finishedBatches(after moment: Timestamp) -> [String: ChannelStanding] {
        var standings: [String: ChannelStanding] = [:]
        for batch in tables.finished where batch.at > moment {
            standings[batch.channel, default: .init()].batches += 1
            standings[batch.channel, default: .init()].bytes += batch.bytes
        }
        return standings
    }

    func addFinished(_ batch: FinishedBatch, forgettingBefore moment: Timestamp) {
        tables.finished.removeAll { $0.at <= moment }
        tables.finished.append(batch)
    }

    func nextDue() -> Timestamp? {
        tables.runs.compactMap { key, run in
            if run.owner != nil { return run.leasedUntil }
            return run.willRetry && tables.rows[key]?.status == .failed ? run.notBefore : nil
        }.min()
    }
}
