import ReportModel
public import ReportPorts
import Testing

/// What every `SessionStore` promises, as checks on a fresh, empty store that goes by the clock beside it.
public enum SessionStoreConformance {
    /// A fresh store and its clock.
    public struct Scene: Sendable {
        let sessions: any SessionStore
        let clock: ManualClock

        /// A fresh store that goes by `clock`.
        public init(sessions: any SessionStore, clock: ManualClock) {
            self.sessions = sessions
            self.clock = clock
        }

        func record(_ hash: String, user: String = "u1", seconds: Double = 3600) -> SessionRecord {
            SessionRecord(
                cookieHash: hash, userID: user, channel: "org-1", roles: ["ORG_ADMIN", "PUBLIC"],
                endsAt: clock.now().adding(seconds: seconds))
        }
    }

    /// All promises.
    public static let checks: [ConformanceCheck<Scene>] = [
        .init("a session is found by its hash alone") { scene in
            let record = scene.record("a")
            try await scene.sessions.begin(record)
            #expect(try await scene.sessions.session("a") == record)
            for other in ["A", "", "a ", "b"] { #expect(try await scene.sessions.session(other) == nil) }
        },
        .init("who signed out is not signed in any more") { scene in
            try await scene.sessions.begin(scene.record("a"))
            try await scene.sessions.begin(scene.record("b"))
            try await scene.sessions.end("a")
            try await scene.sessions.end("a")
            #expect(try await scene.sessions.session("a") == nil)
            #expect(try await scene.sessions.session("b") != nil)
        },
        .init("a session ends by itself") { scene in
            try await scene.sessions.begin(scene.record("a", seconds: 10))
            try await scene.sessions.begin(scene.record("b", seconds: 20))
            scene.clock.advance(seconds: 9)
            #expect(try await scene.sessions.session("a") != nil)
            scene.clock.advance(seconds: 1)
            #expect(try await scene.sessions.session("a") == nil)
            #expect(try await scene.sessions.sweepSessions() == 1)
            #expect(try await scene.sessions.sweepSessions() == 0)
            #expect(try await scene.sessions.session("b") != nil)
        },
        .init("of too many of one user the one that ends first goes") { scene in
            try await scene.sessions.begin(scene.record("other", user: "u2", seconds: 1))
            for number in 0...SessionLimits.perUser {
                try await scene.sessions.begin(scene.record("s\(number)", seconds: 100 + Double(number)))
            }
            #expect(try await scene.sessions.session("s0") == nil)
            for number in 1...SessionLimits.perUser {
                #expect(try await scene.sessions.session("s\(number)") != nil)
            }
            #expect(try await scene.sessions.session("other") != nil)
        },
    ]
}
