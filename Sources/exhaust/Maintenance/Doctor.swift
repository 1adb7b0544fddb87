import CISAL
import COpenSSL
import CSQLite
import Glibc
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import SQLiteAccess
import SQLiteJobs
import SQLiteLearners
import Settings

/// One thing that the doctor looked at.
struct Diagnosis: Sendable, Hashable {
    /// How it is.
    enum State: String, Sendable { case good, unwise, broken }

    var subject: String
    var state: State
    var text: String
    var remedy = ""
}

/// Looks at everything that a service needs, and says what to mend.
struct Doctor: Sendable {
    /// Free space under which a disk is called short.
    static let shortDiskBytes: UInt64 = 1 << 30
    /// The newest requests, whose files are looked for; a bucket answers for each by itself.
    static let fileRequests = 1_000
    /// Files that are looked for at a time.
    static let filesAtOnce = 16

    let composition: Composition

    /// All diagnoses; looking goes on where something is broken.
    func examine() async -> [Diagnosis] {
        var found = [libraries, settings]
        let folder: DataFolder
        do {
            folder = try composition.folder()
        } catch {
            return found + [Self.broken("data folder", error)]
        }
        found += examineFolder(folder)
        if composition.settings.learners.store == .embedded { found.append(await examineLearners(folder)) }
        found += await examineOutside(folder)
        switch composition.settings.jobs.store {
        case .embedded:
            // The first request makes both; looking must not.
            if access(folder.jobs, F_OK) != 0, access(folder.masterKey, F_OK) != 0 {
                return found + [
                    Diagnosis(subject: "job store", state: .good, text: "none yet, the first request makes it")
                ]
            }
        case .postgres:
            let tables = await examinePostgres()
            found += tables
            if tables.contains(where: { $0.state == .broken }) { return found }
            if composition.settings.masterKey.isEmpty, access(folder.masterKey, F_OK) != 0 {
                return found + [Self.missingKey(folder)]
            }
        }
        found.append(
            Self.checked("key") {
                if !composition.settings.masterKey.isEmpty {
                    return Diagnosis(subject: "key", state: .good, text: "the setting masterKey")
                }
                _ = try MasterKeyFile.open(folder.masterKey, mayMake: false)
                return Diagnosis(subject: "key", state: .good, text: "\(folder.masterKey) can be used")
            })
        do {
            let service = try await composition.service(in: folder, readsLearners: false)
            found += await examineJobs(service, folder)
            await service.close()
        } catch {
            found.append(Self.broken("job store", error))
        }
        return found
    }

    private var libraries: Diagnosis {
        let versions = [
            "exhaust \(ProductVersion.current)", "SQLite \(String(cString: sqlite3_libversion()))",
            String(cString: OpenSSL_version(0)),
            "ISA-L \(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION).\(ISAL_PATCH_VERSION)",
        ]
        return Diagnosis(subject: "libraries", state: .good, text: versions.joined(separator: ", "))
    }

    private var settings: Diagnosis {
        let changed = composition.settings.entries.compactMap { entry in
            entry.source.map { "\(entry.declaration.name) = \(entry.value) (\($0))" }
        }
        if let warning = composition.settings.warnings.first {
            return Diagnosis(subject: "settings", state: .unwise, text: warning)
        }
        return Diagnosis(
            subject: "settings", state: .good,
            text: changed.isEmpty ? "all as they come" : changed.joined(separator: "; "))
    }

    private func examineFolder(_ folder: DataFolder) -> [Diagnosis] {
        var found: [Diagnosis] = []
        var information = stat()
        if stat(folder.path, &information) == 0, information.st_mode & 0o077 != 0 {
            found.append(
                Diagnosis(
                    subject: "data folder", state: .unwise, text: "\(folder.path): others can look into it",
                    remedy: "Run: chmod 700 \(folder.path)"))
        } else {
            found.append(Diagnosis(subject: "data folder", state: .good, text: folder.path))
        }
        var disk = statvfs()
        if statvfs(folder.path, &disk) == 0 {
            let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
            let isShort = free < Self.shortDiskBytes
            found.append(
                Diagnosis(
                    subject: "disk", state: isShort ? .unwise : .good, text: "\(HumanText.size(free)) free",
                    remedy: isShort ? "Make room, or run `exhaust expire`." : ""))
        }
        return found
    }

    private func examineLearners(_ folder: DataFolder) async -> Diagnosis {
        do {
            let facts = try await SQLiteCatalogue(path: folder.learners).facts()
            return Diagnosis(
                subject: "learner data", state: .good,
                text: "imported \(facts.dataTime.iso8601), version \(facts.dataVersion)")
        } catch {
            return Self.broken("learner data", error)
        }
    }

    private func examineJobs(_ service: Service, _ folder: DataFolder) async -> [Diagnosis] {
        do {
            let jobs = service.ports.jobs
            let all = try await jobs.count(RequestQuery())
            let waiting = try await jobs.count(RequestQuery(statuses: [.submitted]))
            let running = try await jobs.count(RequestQuery(statuses: [.processing]))
            var found = [
                Diagnosis(
                    subject: "job store", state: .good,
                    text: "\(all) requests, \(waiting) waiting, \(running) being worked on")
            ]
            let ours = composition.registry.names()
            let foreign = try await service.ports.jobs.foreignRuns().filter { ours.contains($0.reportID) }
            if !foreign.isEmpty {
                let ids = foreign.prefix(5).map(\.requestID).joined(separator: ", ")
                found.append(
                    Diagnosis(
                        subject: "stranded requests", state: .unwise,
                        text:
                            "\(foreign.count) in PROCESSING that no worker of ours took: \(ids)\(foreign.count > 5 ? ", …" : "")",
                        remedy: "If the program that took them no longer runs: exhaust adopt"))
            }
            found.append(try await examineFiles(service))
            return found
        } catch {
            return [Self.broken("job store", error)]
        }
    }

    /// Whether the files are there that the newest requests name; those of other programs are not ours to look at.
    private func examineFiles(_ service: Service) async throws -> Diagnosis {
        let newest = try await service.ports.jobs.requests(RequestQuery(limit: Self.fileRequests))
        let paths = Set(newest.filter { $0.run != nil }.flatMap(\.request.downloadPaths).compactMap(StoredAddress.key))
        var missing = 0
        var waiting = paths.sorted()[...]
        while !waiting.isEmpty {
            missing += try await withThrowingTaskGroup(of: Bool.self) { group in
                for path in waiting.prefix(Self.filesAtOnce) {
                    group.addTask { try await service.ports.files.size(of: path) == nil }
                }
                return try await group.reduce(into: 0) { count, isMissing in count += isMissing ? 1 : 0 }
            }
            waiting = waiting.dropFirst(Self.filesAtOnce)
        }
        if missing == 0 {
            return Diagnosis(
                subject: "files", state: .good,
                text: "all \(paths.count) files are there that the newest \(newest.count) requests name")
        }
        return Diagnosis(
            subject: "files", state: .broken, text: "\(missing) files that requests name are not there",
            remedy: "Put them back from a backup, or submit those requests with --fresh.")
    }

    private static func checked(_ subject: String, _ body: () throws -> Diagnosis) -> Diagnosis {
        do { return try body() } catch { return broken(subject, error) }
    }

    static func broken(_ subject: String, _ error: any Error) -> Diagnosis {
        guard let error = error as? ExhaustError else {
            return Diagnosis(subject: subject, state: .broken, text: "\(error)")
        }
        return Diagnosis(subject: subject, state: .broken, text: error.message, remedy: error.remedy)
    }
}
