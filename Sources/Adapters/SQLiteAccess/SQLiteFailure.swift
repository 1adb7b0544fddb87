import CSQLite
import Glibc
public import ReportModel

/// What SQLite itself said; the cause of the `ExhaustError` that callers see.
public struct SQLiteFailure: Error, Sendable, Hashable {
    /// The extended result code, such as 787 (`SQLITE_CONSTRAINT_FOREIGNKEY`).
    public let code: Int32
    /// SQLite's message; it names tables and columns, never values.
    public let message: String

    /// The primary result code, such as 19 (`SQLITE_CONSTRAINT`).
    public var primaryCode: Int32 { code & 0xFF }
    /// Whether another connection holds the lock that was needed.
    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    /// Whether a key or another constraint forbids the row.
    public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
    /// Whether a value is larger than SQLite can hold.
    public var isTooBig: Bool { primaryCode == SQLITE_TOOBIG }
}

extension ExhaustError {
    /// The SQLite failure below this error, if one is.
    public var sqliteFailure: SQLiteFailure? { cause as? SQLiteFailure }
}

/// The error for result `code` of the file at `path`. `operatingSystemError` is the errno of the call below, 0 if none.
func sqliteError(_ code: Int32, message: String, path: String, operatingSystemError: Int32 = 0) -> ExhaustError {
    let failure = SQLiteFailure(code: code, message: message)
    let reason = operatingSystemError == 0 ? message : "\(message) (\(String(cString: strerror(operatingSystemError))))"
    func error(_ code: ExhaustError.Code, _ why: String, _ remedy: String) -> ExhaustError {
        ExhaustError(code, "database \(path): \(why)", remedy: remedy, mender: .operator, cause: failure)
    }
    switch failure.primaryCode {
    case SQLITE_FULL:
        return error(.storageFailed, "the disk is full", "Free space on that disk, or move the data folder.")
    case SQLITE_BUSY, SQLITE_LOCKED:
        return error(.unavailable, "another process keeps it locked", "Wait, or end the process that holds it.")
    case SQLITE_NOTADB:
        return error(.dataDamaged, "it is no database", "Name the right data folder, or restore a backup.")
    case SQLITE_CORRUPT:
        return error(.dataDamaged, "its content is damaged: \(reason)", "Restore a backup, or import the data again.")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
        return error(.storageFailed, "it may not be written", "Give this user write access to the data folder.")
    case SQLITE_CANTOPEN:
        return error(.storageFailed, "it cannot be opened: \(reason)", "Check that the folder exists and may be used.")
    case SQLITE_IOERR:
        if operatingSystemError == ENOSPC || operatingSystemError == EFBIG || operatingSystemError == EDQUOT {
            return error(.storageFailed, "it cannot grow: \(reason)", "Free space on that disk, or raise the limit.")
        }
        return error(.storageFailed, "reading or writing failed: \(reason)", "Check the disk and the system log.")
    case SQLITE_CONSTRAINT:
        return error(.conflict, message, "")
    case SQLITE_TOOBIG:
        return error(.limitExceeded, "a value is larger than SQLite can hold", "")
    case SQLITE_INTERRUPT:
        return error(.cancelled, "the work was called off", "")
    case SQLITE_NOMEM:
        return error(.internalFault, "out of memory", "Give the process more memory.")
    default:
        return error(.internalFault, "\(message) (SQLite code \(code))", "Report this fault.")
    }
}
