import Glibc
import PostgresAudit
import PostgresJobs
import ReportModel
import ReportPorts
import SQLiteAudit
import Settings

/// The audit log and the sessions, open.
struct OpenAudit: Sendable {
    let log: any AuditLog
    let sessions: any SessionStore
    /// Throws unless both can be read and written.
    let check: @Sendable () async throws -> Void
    /// Lets them go.
    let close: @Sendable () async -> Void
}

extension Composition {
    /// The audit log and sessions: beside the requests, so that all machines that share those share these. In a folder they
    /// are made if they are not there.
    func openAudit(in folder: DataFolder) async throws -> OpenAudit {
        let days = settings.signIn.auditDays
        switch settings.jobs.store {
        case .embedded:
            let clock = clock
            let store = try await SQLiteAuditStore.open(path: folder.audit, keepDays: days, clock: { clock.now() })
            return OpenAudit(
                log: store, sessions: store, check: { try await store.check() }, close: { await store.close() })
        case .postgres:
            let store = try await PostgresAuditStore.open(auditOptions, tables: try auditTables(), keepDays: days)
            return OpenAudit(
                log: store, sessions: store, check: { try await store.check() }, close: { await store.close() })
        }
    }

    /// Where audit entries and sessions are in a deployment's database.
    func auditTables() throws -> AuditTables {
        let tables = try jobTables()
        return AuditTables(version: tables.version, name: tables.beside)
    }

    /// Removes audit entries whose time has come, and sessions that have ended. Answers how many entries.
    func sweepAudit(_ store: OpenAudit) async throws -> Int {
        let days = Double(settings.signIn.auditDays)
        let removed = try await store.log.expire(before: clock.now().adding(seconds: -days * 86_400))
        _ = try await store.sessions.sweepSessions()
        return removed
    }

    /// As `sweepAudit`, now and every hour, until the task is cancelled. A failure is logged and tried again.
    func sweepAuditForever(_ store: OpenAudit) async throws {
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

    /// Runs `body` with the audit log, if there is one, and lets it go afterwards.
    func withAudit<Value: Sendable>(
        in folder: DataFolder, _ body: (OpenAudit) async throws -> Value
    ) async throws -> Value? {
        if settings.jobs.store == .embedded, access(folder.audit, F_OK) != 0 { return nil }
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
