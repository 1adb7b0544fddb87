import Glibc
import JobLifecycle
import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import SQLiteJobs
import SecureArchive
import Settings

extension Composition {
    /// A job store that is open.
    struct OpenJobs: Sendable {
        let store: any JobStore & DatasetStore
        let close: @Sendable () async -> Void
    }

    /// The job store that the settings name, and the key that its passwords are sealed with.
    func openJobs(
        in folder: DataFolder, storedKey: @escaping @Sendable (String) -> String
    ) async throws -> (OpenJobs, MasterKey) {
        switch settings.jobs.store {
        case .embedded:
            // The key first: a job store without one means that it was lost, not that the folder is new.
            let master =
                try MasterKeyFile.key(settings.masterKey)
                ?? MasterKeyFile.open(folder.masterKey, mayMake: access(folder.jobs, F_OK) != 0)
            let store = try await SQLiteJobStore.open(path: folder.jobs, rules: jobRules, log: log)
            return (OpenJobs(store: store, close: { await store.close() }), master)
        case .postgres:
            return try await openPostgresJobs(in: folder, storedKey: storedKey)
        }
    }

    private func openPostgresJobs(
        in folder: DataFolder, storedKey: @escaping @Sendable (String) -> String
    ) async throws -> (OpenJobs, MasterKey) {
        let store = try await PostgresJobStore.open(
            postgresOptions, tables: try jobTables(), rules: jobRules,
            pollSeconds: settings.postgres.pollSeconds, log: log)
        do {
            // A key in place of a lost one would make the passwords of all waiting requests unreadable.
            let mayMake = try await !store.hasRuns()
            let master =
                try MasterKeyFile.key(settings.masterKey) ?? MasterKeyFile.open(folder.masterKey, mayMake: mayMake)
            try await store.requireSameKey(
                identity: try master.key(for: "job store identity").withUnsafeBytes { Hexadecimal.text(Array($0)) })
            let keeping = store.keeping(
                KeyKeeping(movesKeys: settings.jobs.movesKeys, seal: sealer(master, storedKey)))
            return (OpenJobs(store: keeping, close: { await keeping.close() }), master)
        } catch {
            await store.close()
            throw error
        }
    }

    private func sealer(_ master: MasterKey, _ storedKey: @escaping @Sendable (String) -> String) -> KeySealer {
        { stored, request in
            let password = try Password(storedKey(stored))
            return SealedKey(
                password: try master.seal(password: password, of: request), hash: try master.hash(of: password))
        }
    }

    /// The rules of the settings, for the reports that are registered.
    private var jobRules: JobRules {
        var rules = settings.jobs.rules
        rules.reports = registry.names()
        return rules
    }

    /// How the deployment's database is reached.
    var postgresOptions: PostgresOptions {
        let given = settings.postgres
        var options = PostgresOptions(connection: given.connection, keywords: given.keywords)
        options.connections = given.connections
        options.connectSeconds = Int(given.connectSeconds.rounded(.up))
        options.statementSeconds = given.statementSeconds
        options.lockSeconds = given.lockSeconds
        options.retrySeconds = given.retrySeconds
        return options
    }

    /// As `postgresOptions`, for the audit log and the sessions: they must not wait until requests are done with.
    var auditOptions: PostgresOptions {
        var options = postgresOptions
        options.connections = min(2, options.connections)
        return options
    }

    /// Where the job tables are.
    func jobTables() throws -> JobTables {
        try JobTables(schema: settings.postgres.schema, requestTable: settings.postgres.requestTable)
    }
}
