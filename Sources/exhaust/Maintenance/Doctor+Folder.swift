import Glibc
import ReportModel
import ReportPorts
import SQLiteLearners
import Settings

extension Doctor {
    /// Free space under which a disk is called short.
    private static let shortDiskBytes: UInt64 = 1 << 30

    /// The data folder, the folders of files and parts in it, and their disk.
    func examineFolder(_ folder: DataFolder) -> [Diagnosis] {
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
        let bucket = composition.settings.bucket
        if bucket.files == .disk { found += Self.examineWritable("files", folder.files) }
        if bucket.parts == .disk { found += Self.examineWritable("parts", folder.parts) }
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

    /// What is wrong with a folder that workers write to; it need not be there yet.
    private static func examineWritable(_ subject: String, _ path: String) -> [Diagnosis] {
        var information = stat()
        guard stat(path, &information) == 0 else {
            if errno == ENOENT { return [] }
            return [broken(subject, refused(path, errno))]
        }
        guard information.st_mode & S_IFMT == S_IFDIR else { return [broken(subject, refused(path, ENOTDIR))] }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { return [broken(subject, refused(path, errno))] }
        return []
    }

    private static func refused(_ path: String, _ code: Int32) -> ExhaustError {
        ExhaustError(
            .storageFailed, "folder \(path): it cannot be written: \(systemReason(code))",
            remedy: code == EROFS
                ? "Mount its disk for writing." : "Give the user of the service this folder: chown, chmod 700.",
            mender: .operator)
    }

    func examineLearners(_ folder: DataFolder) async -> Diagnosis {
        do {
            let facts = try await SQLiteCatalogue(path: folder.learners).facts()
            return Diagnosis(
                subject: "learner data", state: .good,
                text: "imported \(facts.dataTime.iso8601), version \(facts.dataVersion)")
        } catch {
            return Self.broken("learner data", error)
        }
    }

    /// The audit log of the folder, once a server has made it.
    func examineAudit(_ folder: DataFolder) async -> [Diagnosis] {
        guard access(folder.audit, F_OK) == 0 else { return [] }
        return [await examineAudit("audit log", folder)]
    }

    /// Whether the audit log can be read and written: without it nothing is done for anybody.
    func examineAudit(_ subject: String, _ folder: DataFolder) async -> Diagnosis {
        do {
            let isEmpty = try await composition.withAudit(in: folder) { audit in
                try await audit.check()
                return try await audit.log.entries(AuditQuery(limit: 1)).isEmpty
            }
            return Diagnosis(
                subject: subject, state: .good, text: isEmpty == false ? "can be used" : "empty so far")
        } catch {
            return Self.broken(subject, error)
        }
    }
}
