public import ReportModel
import ReportPorts
import Synchronization

/// How requests are watched.
public struct WatchLimits: Sendable, Hashable {
    /// `events.pollSeconds`: how often requests are looked at while anybody listens.
    public var pollSeconds = 1.0
    /// Changes that come faster than this are told together.
    public var quietSeconds = 0.2
    /// `events.heartbeatSeconds`: how often a listener hears something even if nothing changes.
    public var heartbeatSeconds = 15.0
    /// `events.streamsPerCaller`.
    public var streamsPerCaller = 5
    /// `events.streams`: of all callers together.
    public var streams = 2_000
    /// `events.minutes`: after so long a stream ends, and its reader comes back with fresh credentials.
    public var minutes = 30
    /// Changes that wait for a slow listener; with more its stream ends, and it goes on from the last one it read.
    public var buffer = 256
    /// The newest requests of a channel that are looked at, each time.
    public var requests = 200
    /// Older ones that wait, and as many that run, are looked at beside them.
    public var olderRequests = 1_000
    /// Requests that were waiting or running at the last look, and now are not, are looked at one by one: so many a look.
    public var endedRequests = 100

    /// All defaults.
    public init() {}
}

/// Tells listeners of changes of requests. However many listen, requests are looked at once: when the store tells of a
/// change, and every second.
public final class RequestWatch: Sendable {
    /// What a listener hears.
    public enum Event: Sendable {
        /// A request is as the document says; `id` is where to go on after it.
        case changed(id: String, RequestDocument)
        /// Nothing changed for a while.
        case heartbeat
    }

    /// What somebody hears who listens.
    public struct Listening: Sendable {
        /// What changed after the event that was read last, or how everything stands if that is unknown; oldest first.
        public let missed: [Event]
        /// What changes from now on.
        public let events: AsyncStream<Event>
    }

    /// What somebody listens to.
    public enum Scope: Sendable, Hashable {
        /// All requests of a channel.
        case channel(String)
        /// One request.
        case request(RequestKey, channel: String)

        var channel: String {
            switch self {
            case .channel(let channel), .request(_, let channel): channel
            }
        }

        func includes(_ document: RequestDocument) -> Bool {
            switch self {
            case .channel: true
            case .request(let key, _): document.request.key == key
            }
        }
    }

    private let ports: ServicePorts
    private let viewing: RequestViewing
    private let limits: WatchLimits
    private let state: Mutex<WatchState>
    private let ringing: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// A watch over these ports; it tells nothing until `run` is called.
    public init(ports: ServicePorts, viewing: RequestViewing, limits: WatchLimits = WatchLimits()) {
        self.ports = ports
        self.viewing = viewing
        self.limits = limits
        // Numbers of another process mean nothing to this one.
        state = Mutex(WatchState(epoch: String(UInt32.random(in: .min ... .max), radix: 36), limits: limits))
        (ringing, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Watches until the task is cancelled; then every stream ends.
    public func run() async {
        state.withLock { $0.begin() }
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                while await ports.clock.slept(seconds: limits.pollSeconds) { bell.yield() }
                bell.finish()
            }
            if let notifying = ports.jobs as? any JobNotifying {
                group.addTask { [self] in for await _ in notifying.changes() { bell.yield() } }
            }
            for await _ in ringing { await look() }
            group.cancelAll()
        }
        for listener in state.withLock({ $0.end() }) { listener.finish() }
    }

    /// What changes in `scope`, for a caller of that name, who is asked here only how many streams they have: whoever tells
    /// them checks what they may see. Throws `tooManyRequests` for a caller with too many streams, `unavailable` if nobody
    /// watches.
    public func listen(to scope: Scope, caller: String, after lastID: String?) async throws -> Listening {
        try state.withLock { try $0.checkRoom(for: caller) }
        try await refresh(scope)
        let (stream, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingOldest(limits.buffer))
        let now = ports.clock.now()
        let (id, missed) = try state.withLock { state in
            try state.checkRoom(for: caller)
            return state.add(scope, caller: caller, continuation, after: lastID, at: now)
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.remove(id) } }
        return Listening(missed: missed, events: stream)
    }

    /// How many streams are open.
    public var streamCount: Int { state.withLock { $0.listeners.count } }

    private func look() async {
        let now = ports.clock.now()
        let (scopes, ended) = state.withLock { $0.due(at: now) }
        for listener in ended { listener.finish() }
        for scope in scopes {
            do {
                try await refresh(scope)
            } catch {
                if Task.isCancelled { return }
                ports.log.log(.warning, "watch-failed", [("error", .string(ExhaustError.wrap(error).message))])
            }
        }
    }

    /// Looks at the requests of a scope, and tells who listens.
    private func refresh(_ scope: Scope) async throws {
        let turn = state.withLock { $0.nextTurn() }
        let documents = try await viewing.documents(of: try await requests(scope))
        for listener in state.withLock({ $0.note(documents, of: scope, turn: turn) }) { listener.finish() }
    }

    private func requests(_ scope: Scope) async throws -> [StoredRequest] {
        switch scope {
        case .channel(let channel):
            let newest = try await ports.jobs.requests(RequestQuery(channel: channel, limit: limits.requests))
            guard newest.count == limits.requests, let last = newest.last else { return newest }
            return newest + (try await older(RequestPlace(of: last.request), channel, newest))
        case .request(let key, _):
            return try await ports.jobs.request(key.requestID, tag: key.tag).map { [$0] } ?? []
        }
    }

    /// The requests behind the newest ones that can still change: whose they are decides who hears of them, not how many
    /// were filed since.
    private func older(
        _ place: RequestPlace, _ channel: String, _ newest: [StoredRequest]
    ) async throws -> [StoredRequest] {
        var older: [StoredRequest] = []
        for status in [RequestStatus.processing, .submitted] {
            older += try await ports.jobs.requests(
                RequestQuery(channel: channel, statuses: [status], after: place, limit: limits.olderRequests))
        }
        let looked = Set((newest + older).map(\.request.key))
        for key in state.withLock({ $0.unfinished(in: channel, besides: looked) }) {
            if let stored = try await ports.jobs.request(key.requestID, tag: key.tag) {
                older.append(stored)
            } else {
                state.withLock { $0.forget(key) }
            }
        }
        return older
    }
}
