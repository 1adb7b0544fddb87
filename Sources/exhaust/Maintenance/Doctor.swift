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
    /// What the bucket is called among the parts outside.
    private static let bucket = "bucket"

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
            found += await examineAudit(folder)
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
        let isBucketBroken = found.contains { $0.subject == Self.bucket && $0.state == .broken }
        return found + (await examineStores(folder, looksForFiles: !isBucketBroken))
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

    static func checked(_ subject: String, _ body: () throws -> Diagnosis) -> Diagnosis {
        do { return try body() } catch { return broken(subject, error) }
    }

    static func broken(_ subject: String, _ error: any Error) -> Diagnosis {
        guard let error = error as? ExhaustError else {
            return Diagnosis(subject: subject, state: .broken, text: "\(error)")
        }
        return Diagnosis(subject: subject, state: .broken, text: error.message, remedy: error.remedy)
    }
}
