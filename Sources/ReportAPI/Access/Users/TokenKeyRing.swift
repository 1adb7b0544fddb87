import ReportModel
public import ReportPorts
public import WebTokens

/// The keys that check tokens, read again when providers change theirs.
///
/// They are read at the first question, again after `refreshSeconds`, and at once when a token calls for a key that is not
/// there, but no more often than every `retrySeconds`: anybody can send tokens that call for any key.
public actor TokenKeyRing {
    /// When keys are read again, in seconds.
    public struct Times: Sendable, Hashable {
        /// Keys that the provider has withdrawn count no longer than this.
        public var refreshSeconds: Double
        /// Between two readings at the least.
        public var retrySeconds: Double
        /// If they cannot be read, those that were read last go on counting for this long.
        public var staleSeconds: Double

        /// An hour, a minute and a day, unless said otherwise.
        public init(refreshSeconds: Double = 3_600, retrySeconds: Double = 60, staleSeconds: Double = 86_400) {
            self.refreshSeconds = refreshSeconds
            self.retrySeconds = retrySeconds
            self.staleSeconds = staleSeconds
        }
    }

    private let read: @Sendable () async throws -> [TokenKey]
    private let times: Times
    private let clock: any ServiceClock
    private let log: any EventLog
    private var keys: [TokenKey]?
    private var readAt: Timestamp?
    private var triedAt: Timestamp?
    private var reading: Task<Void, Never>?

    /// Keys that `read` reads, from wherever they are.
    public init(
        times: Times = Times(), clock: any ServiceClock, log: any EventLog,
        read: @escaping @Sendable () async throws -> [TokenKey]
    ) {
        self.read = read
        self.times = times
        self.clock = clock
        self.log = log
    }

    /// The keys, for a token that calls for the key of that name. Throws `unavailable` if they cannot be had.
    public func keys(for name: String?) async throws -> [TokenKey] {
        let now = clock.now()
        let isKnown = name.map { name in keys?.contains { $0.name == nil || $0.name == name } ?? false } ?? true
        let isOld = readAt.map { now.seconds(since: $0) >= times.refreshSeconds } ?? true
        // Before anything was read, the provider is asked once a second at the most.
        let pause = keys == nil ? min(1, times.retrySeconds) : times.retrySeconds
        let mayTry = triedAt.map { now.seconds(since: $0) >= pause } ?? true
        // Who needs a key that another caller is just reading waits for it; the others go on with those that are there.
        if (!isKnown || keys == nil) && reading != nil || (!isKnown || isOld) && mayTry { await readAgain() }
        guard let keys, let readAt, now.seconds(since: readAt) < times.staleSeconds else {
            throw ExhaustError(
                .unavailable, "keys of user tokens: they cannot be read now", remedy: "Try again later.",
                mender: .operator)
        }
        return keys
    }

    /// All who need the keys at once wait for one reading. It is nobody's child task, since it serves others too and must
    /// not end with the first who asked; each of them awaits it.
    private func readAgain() async {
        let task = reading ?? Task { await readNow() }
        reading = task
        await task.value
    }

    private func readNow() async {
        let now = clock.now()
        triedAt = now
        do {
            keys = try await read()
            readAt = now
        } catch {
            log.log(.warning, "token-keys-not-read", [("error", .string(String(describing: error)))])
        }
        reading = nil
    }
}
