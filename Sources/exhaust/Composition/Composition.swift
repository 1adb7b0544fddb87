import Glibc
import HTTPClient
import JobLifecycle
import PersonalData
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import SQLiteJobs
import SQLiteLearners
import Settings

/// The composition root: makes the adapters that settings ask for and hands them to the use cases.
struct Composition: Sendable {
    let settings: Settings
    let console: Console
    let clock = SystemClock()
    /// Servers of the platform that are left alone, for whoever asks them.
    let breakers = Breakers(clock: SystemClock())
    let log: any EventLog
    let registry = ReportRegistry.standard

    /// Reads the settings of a command and warns of unwise ones. What is less important than `least` is not logged,
    /// whatever the settings say. `fixed` are settings that the command itself decides.
    init(
        _ arguments: Arguments, _ console: Console, logging least: LogLevel = .debug,
        settings fixed: [String: String] = [:]
    ) throws {
        self.console = console
        settings = try Settings(
            configFile: arguments.value(CommonOptions.config), environment: ExhaustProgram.environment,
            options: fixed.merging(arguments.value(CommonOptions.data).map { ["data": $0] } ?? [:]) { $1 },
            reports: ReportRegistry.standard.reports.map(\.id))
        let isText = settings.log.format == .text || (settings.log.format == .automatic && console.isInteractive)
        log = ConsoleLog(
            console: console, minimum: max(least, LogLevel(rawValue: settings.log.level.rawValue) ?? .info),
            format: isText ? .text : .json, clock: clock)
        for warning in settings.warnings { log.log(.warning, "unwise-setting", [("text", .string(warning))]) }
    }

    /// The data folder, which has to exist if learners are read from it.
    func folder() throws -> DataFolder {
        settings.learners.store == .embedded ? try DataFolder.existing(settings.dataFolder) : try newFolder()
    }

    /// The data folder, made if it does not exist.
    func newFolder() throws -> DataFolder { try DataFolder.create(settings.dataFolder) }

    /// Where reports are read from. A store of an older version is brought to this one's first, unless learner data is not
    /// read at all.
    func sources(in folder: DataFolder, readsLearners: Bool = true) async throws -> SourcePorts {
        if settings.learners.store == .cassandra {
            return try await withOutside(try await cassandraSources(in: folder), in: folder)
        }
        if readsLearners, try await Importer.upgrade(store: folder.learners) {
            log.log(.info, "learner-store-upgraded", [])
        }
        let catalogue = SQLiteCatalogue(path: folder.learners)
        let connections = max(2, settings.runs.parallelRanges)
        return try await withOutside(
            SourcePorts(
                learners: SQLiteLearnerStore(
                    path: folder.learners, limits: LearnerStoreLimits(connections: connections)),
                catalogue: catalogue, policies: catalogue, decrypter: try cipher(), clock: clock), in: folder)
    }

    /// The cipher of stored personal values.
    func cipher() throws -> PersonalDataCipher { try PersonalDataCipher(salt: settings.reports.personalDataSalt) }

    /// What a key that another program filed with a request stands for.
    func storedKey() throws -> @Sendable (String) -> String {
        let cipher = try cipher()
        return { cipher.password(fromStoredKey: $0).map { String(decoding: $0, as: UTF8.self) } ?? $0 }
    }

    /// Everything that the service needs. Commands that only look after requests do not read learners, so that they work
    /// also where the learner data is broken.
    func service(in folder: DataFolder, readsLearners: Bool = true) async throws -> Service {
        let storedKey = try storedKey()
        let (jobs, master) = try await openJobs(in: folder, storedKey: storedKey)
        do {
            let (files, parts) = try await fileStores(in: folder, master)
            let ports = ServicePorts(
                sources: try await sources(in: folder, readsLearners: readsLearners), jobs: jobs.store, files: files,
                parts: parts, log: log, storedKey: storedKey)
            return Service(
                ports: ports, datasets: jobs.store, master: master, settings: serviceSettings,
                components: try await outside(folder),
                close: jobs.close)
        } catch {
            await jobs.close()
            throw error
        }
    }

    /// What the settings say about runs.
    var serviceSettings: ServiceSettings {
        var service = ServiceSettings()
        service.rules = settings.reports.rules
        service.csv = settings.reports.csv
        service.pages = settings.runs.pages
        service.pieces = settings.runs.pieces
        service.learnersPerRange = settings.runs.learnersPerRange
        service.inMemoryLearners = settings.runs.inMemoryLearners
        service.inMemoryBytes = settings.runs.inMemoryBytes
        service.parallelRanges = settings.runs.parallelRanges
        service.parallelRequests = settings.runs.parallelRequests
        service.pollSeconds = settings.runs.pollSeconds
        service.batchesPerRequest = settings.jobs.batchesPerRequest
        service.throttle = settings.jobs.rules.throttle
        service.leaseSeconds = settings.jobs.leaseSeconds
        service.heartbeatSeconds = settings.jobs.heartbeatSeconds
        service.requestDateOffsetMinutes = settings.jobs.requestDateOffsetMinutes
        service.validatesEarly = settings.jobs.validatesEarly
        service.otherDatasets = Set(settings.jobs.otherDatasets)
        service.datasetEditors = Set(settings.jobs.datasetEditors)
        service.passwordRule = PasswordRule(minimumCharacters: settings.jobs.passwordMinimumCharacters)
        service.rowsPerEntry = settings.files.rowsPerEntry
        service.fileDateOffsetMinutes = settings.files.dateOffsetMinutes
        service.usesTraditionalCipher = settings.files.encryption == .zipcrypto
        service.deflateLevel = settings.files.deflateLevel
        service.levels = settings.reports.levels
        service.layouts = settings.reports.layouts
        service.requiresKey = settings.reports.requiresKey
        return service
    }
}

/// The use cases on the adapters of one data folder.
struct Service: Sendable {
    let ports: ServicePorts
    /// Beside the requests.
    let datasets: any DatasetStore
    let master: MasterKey
    let settings: ServiceSettings
    /// Bucket, user cache and services, as far as settings name them.
    let components: [any HealthReporting]
    /// Lets go of the stores.
    let close: @Sendable () async -> Void

    /// Everything outside the program that it needs, as far as it can tell how it is.
    var health: [any HealthReporting] {
        ((ports.jobs as? any HealthReporting).map { [$0] } ?? []) + components
    }

    var submitting: Submitting { Submitting(ports: ports, settings: settings, master: master) }

    func worker(observer: WorkerObserver, parallelRequests: Int? = nil) -> Worker {
        var settings = settings
        settings.parallelRequests = parallelRequests ?? settings.parallelRequests
        return Worker(name: WorkerName.make(), ports: ports, settings: settings, master: master, observer: observer)
    }

    /// Runs `body` and lets go of the stores afterwards.
    func closing<Value>(_ body: (Service) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(self)
            await close()
            return value
        } catch {
            await close()
            throw error
        }
    }
}
