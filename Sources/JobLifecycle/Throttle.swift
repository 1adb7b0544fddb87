public import ReportModel

/// What a channel has had in the rolling hour, and has under way.
public struct ChannelStanding: Sendable, Hashable {
    /// Batches finished within the window (`JobRules.throttleWindowSeconds`).
    public var batches: Int
    /// Bytes of plain CSV of these batches.
    public var bytes: Int64
    /// Its requests under a lease now.
    public var liveRuns: Int

    /// What a channel has had; nothing by default.
    public init(batches: Int = 0, bytes: Int64 = 0, liveRuns: Int = 0) {
        self.batches = batches
        self.bytes = bytes
        self.liveRuns = liveRuns
    }

    /// Whether it has had its share: as upstream counts, both figures must be below their limit (upstream.md 3.4).
    public func isOver(_ limits: ThrottleLimits) -> Bool {
        batches >= limits.batchesPerChannel || bytes >= limits.bytesPerChannel
    }

    /// What fairness goes by: each request under way counts as one batch until its batches are finished.
    var share: Int { batches + liveRuns }
}

/// A batch that was finished, as it counts against its channel.
public struct FinishedBatch: Sendable, Hashable {
    /// The channel.
    public var channel: String
    /// When, by the store's clock.
    public var at: Timestamp
    /// Bytes of plain CSV.
    public var bytes: Int64

    /// A batch that was finished.
    public init(channel: String, at: Timestamp, bytes: Int64) {
        self.channel = channel
        self.at = at
        self.bytes = bytes
    }
}

extension JobRules {
    /// Batches finished at or before this moment no longer count.
    public func throttleWindowStart(at now: Timestamp) -> Timestamp { now.adding(seconds: -throttleWindowSeconds) }
}
