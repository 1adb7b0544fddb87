import ReportModel
import ReportPorts

/// What a watch knows of requests, and who listens.
struct WatchState: Sendable {
    typealias Continuation = AsyncStream<RequestWatch.Event>.Continuation

    struct Listener: Sendable {
        let scope: RequestWatch.Scope
        let caller: String
        let continuation: Continuation
        let since: Timestamp
        var heartbeatAt: Timestamp
    }

    private struct Seen {
        var document: RequestDocument
        /// Number of its last change.
        var number: Int
        /// The look that it was seen by.
        var turn: Int
        var channel: String
    }

    private(set) var listeners: [Int: Listener] = [:]
    private let epoch: String
    private let limits: WatchLimits
    private var isRunning = false
    private var seen: [RequestKey: Seen] = [:]
    private var lastNumber = 0
    private var lastTurn = 0
    private var lastListener = 0
    private var lastLook: Timestamp?

    /// Requests that are remembered while nobody listens to them, so that a reader who comes back hears only what changed.
    static let memory = 5_000

    init(epoch: String, limits: WatchLimits) {
        self.epoch = epoch
        self.limits = limits
    }

    mutating func begin() { isRunning = true }

    /// Nobody watches any more; answers whose streams end.
    mutating func end() -> [Continuation] {
        isRunning = false
        defer { listeners = [:] }
        return listeners.values.map(\.continuation)
    }

    func checkRoom(for caller: String) throws(ExhaustError) {
        guard isRunning else {
            throw ExhaustError(.unavailable, "events: the service is stopping", remedy: "Try again in a moment.")
        }
        guard listeners.count < limits.streams else {
            throw ExhaustError(
                .tooManyRequests, "events: \(limits.streams) streams are open", remedy: "Try again later.")
        }
        guard listeners.values.count(where: { $0.caller == caller }) < limits.streamsPerCaller else {
            throw ExhaustError(
                .tooManyRequests, "events: you have \(limits.streamsPerCaller) streams open",
                remedy: "Close other windows of this page.")
        }
    }

    mutating func nextTurn() -> Int {
        lastTurn += 1
        return lastTurn
    }

    /// Adds a listener; answers its number, and what it has missed.
    mutating func add(
        _ scope: RequestWatch.Scope, caller: String, _ continuation: Continuation, after lastID: String?,
        at now: Timestamp
    ) -> (Int, missed: [RequestWatch.Event]) {
        lastListener += 1
        let known = lastID.flatMap(number(of:)) ?? 0
        let missed = seen.values.filter {
            $0.number > known && $0.channel == scope.channel && scope.includes($0.document)
        }
        // Each heartbeat asks who its listener is: those who came at once, after a restart, are not to be asked at once.
        let share = (Double(lastListener) * 0.618_034).truncatingRemainder(dividingBy: 1)
        listeners[lastListener] = Listener(
            scope: scope, caller: caller, continuation: continuation, since: now,
            heartbeatAt: now.adding(seconds: limits.heartbeatSeconds * (1 - share / 2)))
        return (
            lastListener,
            missed.sorted { $0.number < $1.number }.map { .changed(id: id(of: $0.number), $0.document) }
        )
    }

    /// Requests of a channel that can still change by themselves, by what was seen last, but for those in `looked`: those
    /// first that were not looked at longest.
    func unfinished(in channel: String, besides looked: Set<RequestKey>) -> [RequestKey] {
        let left = seen.filter { key, entry in
            entry.channel == channel && !looked.contains(key)
                && (!entry.document.request.status.isEnded || entry.document.stored.run?.willRetry == true)
        }
        return left.sorted { $0.value.turn < $1.value.turn }.prefix(limits.endedRequests).map(\.key)
    }

    /// The row is gone.
    mutating func forget(_ key: RequestKey) { seen[key] = nil }

    mutating func remove(_ id: Int) { listeners[id] = nil }

    /// What to look at now, and whose streams have lasted long enough. Everybody hears a heartbeat when it is time.
    mutating func due(at now: Timestamp) -> ([RequestWatch.Scope], ended: [Continuation]) {
        if let lastLook, now.seconds(since: lastLook) < limits.quietSeconds { return ([], []) }
        lastLook = now
        var ended: [Continuation] = []
        for (id, listener) in listeners where now.seconds(since: listener.since) >= Double(limits.minutes) * 60 {
            ended.append(listener.continuation)
            listeners[id] = nil
        }
        for (id, listener) in listeners where now >= listener.heartbeatAt {
            listener.continuation.yield(.heartbeat)
            listeners[id]?.heartbeatAt = now.adding(seconds: limits.heartbeatSeconds)
        }
        let scopes = Set(listeners.values.map(\.scope))
        let channels = Set(scopes.filter { if case .channel = $0 { true } else { false } }.map(\.channel))
        // Who listens to one request is told by the look at its channel, if somebody listens to that; old ones excepted.
        return (
            scopes.filter { scope in
                guard case .request(let key, let channel) = scope, channels.contains(channel) else { return true }
                return seen[key].map { $0.turn + scopes.count * 2 < lastTurn } ?? true
            }, ended
        )
    }

    /// Notes how requests stand by the look number `turn`, and tells who listens. A look that began before the last one
    /// that was noted tells nothing new of a request. Answers whose streams are full.
    mutating func note(_ documents: [RequestDocument], of scope: RequestWatch.Scope, turn: Int) -> [Continuation] {
        var full: Set<Int> = []
        // The oldest first, so that the newest has the highest number.
        for document in documents.reversed() {
            let key = document.request.key
            // Whoever listens in one channel must never hear of a request that has become another's.
            guard document.request.requestedChannel == scope.channel else { continue }
            if let before = seen[key] {
                guard before.turn < turn else { continue }
                seen[key]?.turn = turn
                if before.document.isLike(document) { continue }
            }
            lastNumber += 1
            seen[key] = Seen(document: document, number: lastNumber, turn: turn, channel: scope.channel)
            for (id, listener) in listeners
            where listener.scope.channel == scope.channel && listener.scope.includes(document) {
                if case .dropped = listener.continuation.yield(.changed(id: self.id(of: lastNumber), document)) {
                    full.insert(id)
                }
            }
        }
        forget()
        return full.compactMap { listeners.removeValue(forKey: $0)?.continuation }
    }

    private mutating func forget() {
        guard seen.count > Self.memory else { return }
        // Half of them at once, so that this is rare.
        let bound = seen.values.map(\.number).sorted()[seen.count / 2]
        seen = seen.filter { $0.value.number > bound }
    }

    private func id(of number: Int) -> String { "\(epoch)-\(number)" }

    /// Nil for an id of another process.
    private func number(of id: String) -> Int? {
        let parts = id.split(separator: "-")
        guard parts.count == 2, parts[0] == epoch else { return nil }
        return Int(parts[1])
    }
}

extension RequestDocument {
    /// Whether nothing happened between two looks but that time passed.
    fileprivate func isLike(_ other: RequestDocument) -> Bool {
        var same = other
        same.pace = pace
        return self == same
    }
}
