import Glibc
import ReportModel
import ReportPorts
import SQLiteAudit
import Settings

extension Composition {
    /// The audit log and sessions of a folder; made if they are not there.
    func openAudit(in folder: DataFolder) async throws -> SQLiteAuditStore {
        let clock = clock
        return try await SQLiteAuditStore.open(
            path: folder.audit, keepDays: settings.signIn.auditDays, clock: { clock.now() })
    }

    /// Removes audit entries whose time has come, and sessions that have ended. Answers how many entries.
    func sweepAudit(_ store: SQLiteAuditStore) async throws -> Int {
        let days = Double(settings.signIn.auditDays)
        let removed = try await store.expire(before: clock.now().adding(seconds: -days * 86_400))
        _ = try await store.sweepSessions()
        return removed
    }

    /// As `sweepAudit`, now and every hour, until the task is cancelled. A failure is logged and tried again.
    func sweepAuditForever(_ store: SQLiteAuditStore) async throws {
        while true {
            do {
                let removed = try await sweepAudit(store)
                log.log(.debug, "audit-swept", [("entries", .integer(removed))])
            } catch let error as ExhaustError {
                log.log(.warning, "audit-sweep-failed", [("error", .string(error.description))])
            }
            try await clock.sleep(seconds: 3_600)
        }
    }

    /// Runs `body` with the audit log of a folder, if it has one, and lets it go afterwards.
    func withAudit<Value: Sendable>(
        in folder: DataFolder, _ body: (SQLiteAuditStore) async throws -> Value
    ) async throws -> Value? {
        guard access(folder.audit, F_OK) == 0 else { return nil }
        let store = try await openAudit(in: folder)
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }
}
