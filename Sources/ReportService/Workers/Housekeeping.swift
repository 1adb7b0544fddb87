import ReportModel
import ReportPorts

/// Removes what nobody needs any more: leftovers of crashes at once, files after their time.
public struct Housekeeping: Sendable {
    /// What was removed.
    public struct Removed: Sendable, Hashable {
        /// Files that were begun and never published.
        public var stagedFiles = 0
        /// Runs whose parts nobody will use again.
        public var partRuns = 0
        /// Published files that no request names.
        public var unnamedFiles = 0
        /// Requests whose files have reached their time.
        public var expiredRequests = 0
    }

    private let ports: ServicePorts

    /// Leftovers younger than this are left alone: their worker may be between two steps. Seconds.
    public static let graceSeconds = 3600.0
    /// At most so many requests are looked at.
    public static let requestLimit = 1_000_000

    /// The use case on these ports.
    public init(ports: ServicePorts) { self.ports = ports }

    /// Sweeps leftovers; published files are looked at too, since one without a row is never served.
    public func sweep() async throws -> Removed {
        var removed = Removed()
        let now = ports.clock.now()
        let requests = try await ports.jobs.requests(RequestQuery(limit: Self.requestLimit))
        let staging = Set(requests.flatMap { $0.run?.publishing ?? [] }.map(\.staging))
        removed.stagedFiles = try await ports.files.sweepStaged(
            before: now.adding(seconds: -Self.graceSeconds), keeping: staging)
        // A FAILED run keeps its parts, for the retry that begins where it stopped.
        let resumable = Set(
            requests.filter { !$0.request.status.isEnded || $0.request.status == .failed }
                .map { FileNames.encoded($0.request.requestID) })
        for run in try await ports.parts.runs() where !resumable.contains(run) {
            try await ports.parts.removeAll(run: run)
            removed.partRuns += 1
        }
        let named = Set(requests.flatMap { $0.request.downloadPaths + ($0.run?.files ?? []).map(\.path) })
        for file in try await ports.files.published()
        where !named.contains(file.path) && now.seconds(since: file.modifiedAt) > Self.graceSeconds {
            try await ports.files.remove(file.path)
            removed.unnamedFiles += 1
        }
        return removed
    }

    /// Removes the files of requests that ended more than `days` ago; their rows and receipts stay.
    public func expire(days: Double) async throws -> Removed {
        var removed = Removed()
        let limit = try await ports.jobs.now().adding(seconds: -days * 86_400)
        let ended = try await ports.jobs.requests(
            RequestQuery(statuses: [.success, .failed, .cancelled], limit: Self.requestLimit))
        let expired = ended.filter { ($0.request.completedAt ?? $0.request.submittedAt) < limit }
        let kept = Set(
            ended.filter { ($0.request.completedAt ?? $0.request.submittedAt) >= limit }
                .flatMap(\.request.downloadPaths))
        for stored in expired where !stored.request.downloadPaths.isEmpty || !(stored.run?.files ?? []).isEmpty {
            let paths = Set(stored.request.downloadPaths + (stored.run?.files ?? []).map(\.path))
            // First the row, so that no row ever names a file that is gone.
            try await ports.jobs.forgetFiles(stored.request.key)
            // Requests that shared a run share its files.
            for path in paths.subtracting(kept) { try await ports.files.remove(path) }
            removed.expiredRequests += 1
        }
        return removed
    }
}
