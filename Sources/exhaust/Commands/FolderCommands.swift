import BlockingWork
import ReportModel
import ReportRows
import ReportService
import Settings

/// `exhaust expire`
enum ExpireCommand {
    private static let days = Parameter.option(
        "days", "N", "Days that files are kept; the setting `expire.days` otherwise.")

    static let command = Command(
        "expire", summary: "Removes the files of requests that ended long ago, and leftovers.",
        details: "Rows and receipts stay. Put it into cron, once a day.", parameters: [days, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let days = try arguments.number(days, 0...36_500) ?? composition.settings.files.expireDays
        let folder = try composition.folder()
        let auditEntries = try await composition.withAudit(in: folder) { try await composition.sweepAudit($0) } ?? 0
        return try await composition.service(in: folder, readsLearners: false).closing { service in
            let housekeeping = Housekeeping(ports: service.ports, reports: composition.registry.names())
            let expired = try await housekeeping.expire(days: Double(days))
            let swept = try await housekeeping.sweep()
            let rows = try await RowCare(composition: composition, jobs: service.ports.jobs).run()
            if arguments.has(SharedParameters.json) {
                try console.print(
                    JSONValue.members(
                        ("expiredRequests", .integer(expired.expiredRequests)),
                        ("stagedFiles", .integer(swept.stagedFiles)), ("partRuns", .integer(swept.partRuns)),
                        ("unnamedFiles", .integer(swept.unnamedFiles)), ("auditEntries", .integer(auditEntries)),
                        ("forgottenRuns", .integer(rows.runs)), ("removedRequests", .integer(rows.requests))
                    ).compactText + "\n")
            } else {
                try console.print(
                    "files of \(expired.expiredRequests) requests removed, \(swept.stagedFiles) unfinished files, parts of "
                        + "\(swept.partRuns) runs, \(swept.unnamedFiles) files that no request names, \(auditEntries) audit entries, "
                        + "notes of \(rows.runs) requests and \(rows.requests) rows of requests\n"
                )
            }
            return .success
        }
    }
}

/// `exhaust backup DIR`
enum BackupCommand {
    private static let target = Parameter.positional("DIR", "New or empty folder for the copy.")

    static let command = Command(
        "backup", summary: "Copies the data folder while it is in use.",
        details: """
            The copy holds personal data and the key of the folder: protect it as the folder itself. Requests under way \
            begin anew after a restore.
            """, parameters: [target]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let folder = try composition.folder()
        let target = try arguments.required(target)
        let now = composition.clock.now()
        let made = try await FolderWork.run { try Backup.make(of: folder, into: target, at: now) }
        try console.print("\(HumanText.count(made.files)) files, \(HumanText.size(made.bytes)), in \(target)\n")
        return .success
    }
}

/// `exhaust restore DIR`
enum RestoreCommand {
    private static let source = Parameter.positional("DIR", "Folder that `exhaust backup` made.")

    static let command = Command(
        "restore", summary: "Makes a data folder from a backup.",
        details: "The data folder must be new or empty. Every file is checked against the backup's list.",
        parameters: [source]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let source = try arguments.required(source)
        let target = composition.settings.dataFolder
        let made = try await FolderWork.run { try Backup.restore(from: source, into: target) }
        try console.print("\(HumanText.count(made.files)) files, \(HumanText.size(made.bytes)), in \(target)\n")
        return .success
    }
}

/// Blocking work on folders, off Swift's cooperative pool.
enum FolderWork {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let pool = try await BlockingPool<Void>(name: "folder") {}
        do {
            let value = try await pool.run { _ in try body() }
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}
