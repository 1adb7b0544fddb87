import Glibc
import ReportModel

/// The one folder of the embedded store (design.md 5): `jobs.db`, `learners.db`, `audit.db`,
/// `files/`, `parts/`, `master.key`.
struct DataFolder: Sendable {
    let path: String

    var jobs: String { path + "/jobs.db" }
    var learners: String { path + "/learners.db" }
    var files: String { path + "/files" }
    var parts: String { path + "/parts" }
    var audit: String { path + "/audit.db" }
    var masterKey: String { path + "/master.key" }

    /// The folder at `path`, made with its parents if it does not exist. Only its owner may look into it.
    static func create(_ path: String) throws(ExhaustError) -> DataFolder {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            if part.isEmpty { continue }
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw refused(path, "make") }
        }
        return try existing(path)
    }

    /// The folder at `path`, which must exist and be writable.
    static func existing(_ path: String) throws(ExhaustError) -> DataFolder {
        var information = stat()
        guard stat(path, &information) == 0 else {
            if errno == ENOENT {
                throw ExhaustError(
                    .notFound, "data folder \(path): it does not exist",
                    remedy: "Import data first (exhaust import DIR --data \(path)), or name another with --data or "
                        + "EXHAUST_DATA.", mender: .operator)
            }
            throw refused(path, "open")
        }
        guard information.st_mode & S_IFMT == S_IFDIR else {
            throw ExhaustError(
                .invalidInput, "data folder \(path): it is no folder", remedy: "Name a folder.", mender: .operator)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw refused(path, "write to") }
        return DataFolder(path: path)
    }

    private static func refused(_ path: String, _ verb: String) -> ExhaustError {
        ExhaustError(
            .storageFailed, "data folder \(path): cannot \(verb) it: \(systemReason())",
            remedy: "Check the folder's owner, mode and disk, or name another with --data.", mender: .operator)
    }
}

/// The reason of the system call that failed last.
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
