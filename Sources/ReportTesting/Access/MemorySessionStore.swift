import ReportModel
public import ReportPorts
import Synchronization

/// Sessions in memory.
public final class MemorySessionStore: SessionStore {
    private let sessions = Mutex<[String: SessionRecord]>([:])
    private let clock: any ServiceClock

    /// Nobody is signed in.
    public init(clock: any ServiceClock) { self.clock = clock }

    /// As `SessionStore.begin`.
    public func begin(_ session: SessionRecord) async throws {
        let now = clock.now()
        try sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.endsAt > now }
            guard sessions.count < SessionLimits.all else {
                throw ExhaustError(
                    .unavailable, "sessions: \(SessionLimits.all) people are signed in already", mender: .operator)
            }
            let own = sessions.values.filter { $0.userID == session.userID }
                .sorted { $0.endsAt != $1.endsAt ? $0.endsAt > $1.endsAt : $0.cookieHash < $1.cookieHash }
            for surplus in own.dropFirst(SessionLimits.perUser - 1) { sessions[surplus.cookieHash] = nil }
            sessions[session.cookieHash] = session
        }
    }

    /// As `SessionStore.session`.
    public func session(_ cookieHash: String) async throws -> SessionRecord? {
        let now = clock.now()
        return sessions.withLock { $0[cookieHash].flatMap { $0.endsAt > now ? $0 : nil } }
    }

    /// As `SessionStore.end`.
    public func end(_ cookieHash: String) async throws { sessions.withLock { $0[cookieHash] = nil } }

    /// As `SessionStore.sweepSessions`.
    public func sweepSessions() async throws -> Int {
        let now = clock.now()
        return sessions.withLock { sessions in
            let count = sessions.count
            sessions = sessions.filter { $0.value.endsAt > now }
            return count - sessions.count
        }
    }
}
