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
    private let reports: Set<String>
    private let requestLimit: Int

    /// Leftovers younger than this are left alone: their worker may be between two steps. Seconds.
    public static let graceSeconds = 3600.0
    /// So long a FAILED request may be asked for again and go on from its parts: ids are of one day. Seconds.
    public static let failedPartsSeconds = 2 * 86_400.0
    /// With more requests nothing is removed, since what the others name cannot be known.
    public static let requestLimit = 1_000_000

    /// The use case on these ports. `reports` are the ids of datasets that are ours to make: rows of others are never
    /// changed, nor their files removed.
    public init(ports: ServicePorts, reports: Set<String>) {
        self.init(ports: ports, reports: reports, requestLimit: Self.requestLimit)
    }

    init(ports: ServicePorts, reports: Set<String>, requestLimit: Int) {
        self.ports = ports
        self.reports = reports
        self.requestLimit = requestLimit
    }

    /// Sweeps leftovers; published files are looked at too, since one without a row is never served.
    /// Throws `limitExceeded`, and removes nothing, if there are more than `requestLimit` requests.
    public func sweep() async throws -> Removed {
        var removed = Removed()
        let now = ports.clock.now()
        // First what is there, then who needs it: what a run begins meanwhile is not among what is removed.
        let folders = try await ports.parts.runs()
        let published = try await ports.files.published()
        let requests = try await allRequests()
        let resumable = requests.filter { Self.isResumable($0, at: now) }
        let publishing = requests.flatMap { $0.run?.publishing ?? [] }
        removed.stagedFiles = try await ports.files.sweepStaged(
            before: now.adding(seconds: -Self.graceSeconds), keeping: Set(publishing.map(\.staging)))
        let neededFolders = Set(try resumable.compactMap(Self.folder(of:)))
        for folder in folders where !neededFolders.contains(folder) {
            try await ports.parts.removeAll(run: folder)
            removed.partRuns += 1
        }
        let named = Set(requests.flatMap(Self.paths(of:)) + resumable.flatMap { $0.run?.publishing ?? [] }.map(\.final))
        for file in published
        where !named.contains(file.path) && now.seconds(since: file.modifiedAt) > Self.graceSeconds {
            try await ports.files.remove(file.path)
            removed.unnamedFiles += 1
        }
        return removed
    }

    /// Removes the files of our requests that ended more than `days` ago; their rows and receipts stay.
    /// Throws `limitExceeded`, and removes nothing, if there are more than `requestLimit` requests.
    public func expire(days: Double) async throws -> Removed {
        var removed = Removed()
        let limit = try await ports.jobs.now().adding(seconds: -days * 86_400)
        let requests = try await allRequests()
        // Requests that shared a run name the same files, as does one that is being made anew.
        var kept: Set<String> = []
        var expired: Set<String> = []
        for stored in requests {
            let paths = Self.paths(of: stored)
            let hasExpired =
                reports.contains(stored.request.reportID) && stored.request.status.isEnded
                && (stored.request.completedAt ?? stored.request.submittedAt) < limit
            // First the rows, so that no row ever names a file that is gone.
            if hasExpired, !paths.isEmpty, try await forgetFiles(stored) {
                expired.formUnion(paths)
                removed.expiredRequests += 1
            } else {
                kept.formUnion(paths)
            }
        }
        for path in expired.subtracting(kept).sorted() { try await ports.files.remove(path) }
        return removed
    }

    /// False if the request is to be worked on again.
    private func forgetFiles(_ stored: StoredRequest) async throws -> Bool {
        do {
            try await ports.jobs.forgetFiles(stored.request.key)
            return true
        } catch let error as ExhaustError where error.code == .conflict {
            return false
        }
    }

    private func allRequests() async throws -> [StoredRequest] {
        let requests = try await ports.jobs.requests(RequestQuery(limit: requestLimit + 1))
        guard requests.count <= requestLimit else {
            throw ExhaustError(
                .limitExceeded, "housekeeping: there are more than \(requestLimit) requests",
                remedy: "Delete old rows of job_request.", mender: .operator)
        }
        return requests
    }

    /// Rows that other programs wrote may name files by whole addresses.
    private static func paths(of stored: StoredRequest) -> [String] {
        stored.request.downloadPaths.compactMap(StoredAddress.key) + (stored.run?.files ?? []).map(\.path)
    }

    /// Whether a worker may go on from what the run left.
    private static func isResumable(_ stored: StoredRequest, at now: Timestamp) -> Bool {
        switch stored.request.status {
        case .submitted, .processing: true
        case .success, .cancelled: false
        case .failed:
            stored.run?.willRetry == true
                || now.seconds(since: stored.request.completedAt ?? now) < failedPartsSeconds
        }
    }

    private static func folder(of stored: StoredRequest) throws -> String? {
        try stored.run?.sealedRunKey.map { try RunParts.folder(of: stored.request, sealedRunKey: $0) }
    }
}
