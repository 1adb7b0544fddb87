import ReportModel
public import ReportPorts
import Testing

/// What every `AuditLog` promises, as checks on a fresh, empty log that goes by the clock beside it. The clock stands in
/// the past, so that entries may be removed.
public enum AuditLogConformance {
    /// A fresh log and its clock.
    public struct Scene: Sendable {
        let log: any AuditLog
        let clock: ManualClock

        /// A fresh log that goes by `clock`.
        public init(log: any AuditLog, clock: ManualClock) {
            self.log = log
            self.clock = clock
        }

        func append(
            _ action: AuditEntry.Action, user: String? = nil, channel: String = "org-1", request: String? = nil
        ) async throws {
            try await log.append(
                AuditEntry(
                    action: action, userID: user, channel: channel,
                    request: request.map { RequestKey(tag: "t:\(channel)", requestID: $0) }, address: "192.0.2.7"))
        }
    }

    /// All promises.
    public static let checks: [ConformanceCheck<Scene>] = [
        .init("an entry comes back whole, with the time of the store's clock") { scene in
            var entry = AuditEntry(
                action: .download, userID: "u1", consumerID: "portal", channel: "org-1", report: "progress-exhaust",
                request: RequestKey(tag: "a:b:org-1", requestID: "R1"), batches: ["b1", "b\"2", "日本"],
                address: "2001:db8::1", detail: "file 0\nsecond line")
            try await scene.log.append(entry)
            entry.at = scene.clock.now()
            #expect(try await scene.log.entries(AuditQuery()) == [entry])
        },
        .init("what is not known stays unknown") { scene in
            try await scene.append(.refused)
            let found = try await scene.log.entries(AuditQuery())
            #expect(found.map(\.userID) == [nil] && found.map(\.request) == [nil] && found.map(\.batches) == [[]])
        },
        .init("entries come newest first, also those of one moment") { scene in
            let actions: [AuditEntry.Action] = [.submit, .preview, .receipt, .download, .cancel, .fresh]
            for action in actions { try await scene.append(action) }
            scene.clock.advance(seconds: 1)
            try await scene.append(.signOut)
            #expect(try await scene.log.entries(AuditQuery()).map(\.action) == [.signOut] + actions.reversed())
        },
        .init("each filter holds for itself, and all together") { scene in
            try await scene.append(.submit, user: "u1", request: "R1")
            try await scene.append(.download, user: "u2", request: "R1")
            try await scene.append(.download, user: "u1", channel: "org-2", request: "R2")
            scene.clock.advance(seconds: 60)
            try await scene.append(.signIn, user: "u1")
            func actions(_ query: AuditQuery) async throws -> [AuditEntry.Action] {
                try await scene.log.entries(query).map(\.action)
            }
            #expect(try await actions(AuditQuery(userID: "u1")) == [.signIn, .download, .submit])
            #expect(try await actions(AuditQuery(channel: "org-2")) == [.download])
            #expect(try await actions(AuditQuery(requestID: "R1")) == [.download, .submit])
            #expect(try await actions(AuditQuery(actions: [.submit, .signIn])) == [.signIn, .submit])
            #expect(try await actions(AuditQuery(since: scene.clock.now())) == [.signIn])
            #expect(try await actions(AuditQuery(limit: 1)) == [.signIn])
            #expect(try await actions(AuditQuery(limit: 0)) == [])
            let all = AuditQuery(
                userID: "u1", channel: "org-1", requestID: "R1", actions: [.submit],
                since: scene.clock.now().adding(seconds: -61), limit: 5)
            #expect(try await actions(all) == [.submit])
            #expect(try await actions(AuditQuery(userID: "nobody")) == [])
        },
        .init("entries go when their time has come, and not before") { scene in
            try await scene.append(.submit)
            scene.clock.advance(seconds: 86_400)
            try await scene.append(.download)
            #expect(try await scene.log.expire(before: scene.clock.now().adding(seconds: -86_401)) == 0)
            #expect(try await scene.log.expire(before: scene.clock.now()) == 1)
            #expect(try await scene.log.entries(AuditQuery()).map(\.action) == [.download])
        },
        .init("entries of many at once are all there") { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 { group.addTask { try await scene.append(.submit, user: "u\(number)") } }
                try await group.waitForAll()
            }
            let users = try await scene.log.entries(AuditQuery()).compactMap(\.userID)
            #expect(users.count == 200 && Set(users).count == 200)
        },
    ]
}
