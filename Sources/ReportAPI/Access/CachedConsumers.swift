import ReportModel
public import ReportPorts

/// The consumer-channel table in memory, read again every so often and when somebody asks for it, as upstream does
/// (upstream.md 1.3). If it cannot be read again, what was read last goes on counting, and that is logged.
public actor CachedConsumers: ConsumerSource {
    /// After a failure it is read again no sooner than this, in seconds.
    public static let retrySeconds = 30.0

    private let table: any ConsumerTable
    private let clock: any ServiceClock
    private let log: any EventLog
    private let refreshSeconds: Double
    private var allowed: Set<ConsumerChannel>?
    private var readAgainAt: Timestamp

    /// Reads `table` at the first question, and again after `refreshSeconds`.
    public init(_ table: any ConsumerTable, refreshSeconds: Double, clock: any ServiceClock, log: any EventLog) {
        self.table = table
        self.clock = clock
        self.log = log
        self.refreshSeconds = refreshSeconds
        readAgainAt = clock.now()
    }

    /// As `ConsumerSource.isAllowed`; throws `unavailable` if the table was never read.
    public func isAllowed(consumer: String, channel: String) async throws -> Bool {
        guard !consumer.isEmpty, !channel.isEmpty else { return false }
        if allowed == nil || clock.now() >= readAgainAt { await read() }
        guard let allowed else {
            throw ExhaustError(.unavailable, "consumers: their table cannot be read now", remedy: "Try again later.")
        }
        return allowed.contains(ConsumerChannel(consumer: consumer, channel: channel))
    }

    /// Reads the table now. Throws if it cannot be read; what was read last goes on counting.
    public func refresh() async throws {
        let rows = try await table.allowedConsumers()
        allowed = Set(rows.filter { !$0.consumer.isEmpty && !$0.channel.isEmpty })
        readAgainAt = clock.now().adding(seconds: refreshSeconds)
    }

    private func read() async {
        // Set first, so that callers who come meanwhile do not all read.
        readAgainAt = clock.now().adding(seconds: Self.retrySeconds)
        do {
            try await refresh()
        } catch {
            if allowed == nil { readAgainAt = clock.now() }
            log.log(.warning, "consumers-not-read", [("error", .string(String(describing: error)))])
        }
    }
}
