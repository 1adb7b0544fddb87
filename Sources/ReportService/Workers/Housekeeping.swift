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
    private let pageRows: Int

    /// Leftovers younger than this are left alone: their worker may be between two steps. Seconds.
    public static let graceSeconds = 3600.0
    /// So long a FAILED request may be asked for again and go on from its parts: ids are of one day. Seconds.
    public static let failedPartsSeconds = 2 * 86_400.0
    private static let centurySeconds = 36_525 * 86_400.0
    /// Rows that are read at a time; a table of years does not fit into memory.
    public static let pageRows = 5_000

    /// The use case on these ports. `reports` are the ids of datasets that are ours to make: rows of others are never
    /// changed, nor their files removed.
    public init(ports: ServicePorts, reports: Set<String>) {
        self.init(ports: ports, reports: reports, pageRows: Self.pageRows)
    }

    init(ports: ServicePorts, reports: Set<String>, pageRows: Int) {
        self.ports = ports
        self.reports = reports
        self.pageRows = pageRows
    }

    /// Sweeps leftovers; published files are looked at too, since one without a row is never served.
    public func sweep() async throws -> Removed {
        var removed = Removed()
        let now = ports.clock.now()
        // First what is there, then who needs it: what a run begins meanwhile is not among what is removed.
        var folders = Set(try await ports.parts.runs())
        let published = try await ports.files.published()
        var unnamed = Set(published.filter { now.seconds(since: $0.modifiedAt) > Self.graceSeconds }.map(\.path))
        var publishing: Set<String> = []
        try await forEachRequest { stored in
            unnamed.subtract(Self.paths(of: stored))
            publishing.formUnion((stored.run?.publishing ?? []).map(\.staging))
            guard Self.isResumable(stored, at: now) else { return }
            unnamed.subtract((stored.run?.publishing ?? []).map(\.final))
            if let folder = try Self.folder(of: stored) { folders.remove(folder) }
        }
        removed.stagedFiles = try await ports.files.sweepStaged(
            before: now.adding(seconds: -Self.graceSeconds), keeping: publishing)
        for folder in folders.sorted() {
            try await ports.parts.removeAll(run: folder)
            removed.partRuns += 1
        }
        for path in unnamed.sorted() {
            try await ports.files.remove(path)
            removed.unnamedFiles += 1
        }
        return removed
    }

    /// Removes the files of requests that we made and that ended more than `days` ago; their rows and receipts stay.
    public func expire(days: Double) async throws -> Removed {
        var removed = Removed()
        let limit = try await ports.jobs.now().adding(seconds: -days * 86_400)
        var expired: Set<String> = []
        try await forEachRequest { stored in
            // What another program made is not ours to remove: it has no run.
            let isOver =
                reports.contains(stored.request.reportID) && stored.run != nil && stored.request.status.isEnded
                && (stored.request.completedAt ?? stored.request.submittedAt) < limit
            let paths = Self.paths(of: stored)
            // First the rows, so that no row ever names a file that is gone.
            if isOver, !paths.isEmpty, try await forgetFiles(stored) {
                expired.formUnion(paths)
                removed.expiredRequests += 1
            }
        }
        // Requests that shared a run name the same files, as does one that is being made anew.
        if !expired.isEmpty { try await forEachRequest { expired.subtract(Self.paths(of: $0)) } }
        for path in expired.sorted() { try await ports.files.remove(path) }
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

    /// Every row, at least once, a page at a time. Rows that are filed again meanwhile move to the front, where the pages
    /// have been: they are read at the end.
    private func forEachRequest(_ body: (StoredRequest) async throws -> Void) async throws {
        let begun = try await ports.jobs.now()
        var query = RequestQuery(limit: pageRows)
        while true {
            let page = try await ports.jobs.requests(query)
            for stored in page { try await body(stored) }
            if page.count == pageRows, let last = page.last {
                query.after = RequestPlace(of: last.request)
            } else if query.submitted == nil {
                query.after = nil
                query.submitted = begun..<begun.adding(seconds: Self.centurySeconds)
            } else {
                return
            }
        }
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
