import Glibc
import ReportModel

/// What the system refused, as an error that says what to do. `action` is what was tried, such as `cannot be written`.
func diskError(_ code: Int32, _ path: String, _ action: String) -> ExhaustError {
    let reason = String(cString: strerror(code))
    func error(_ why: String, _ remedy: String) -> ExhaustError {
        ExhaustError(.storageFailed, "\(path) \(action): \(why)", remedy: remedy, mender: .operator)
    }
    switch code {
    case ENOSPC:
        return error("the disk is full", "Free space on that disk, or move the data folder to a larger one.")
    case EDQUOT:
        return error("this user's share of the disk is used up", "Free space, or have the quota raised.")
    case EFBIG:
        return error(
            "files may not grow so large here", "Raise the limit on file sizes (ulimit -f), or use another disk.")
    case EACCES, EPERM:
        return error("permission denied", "Give this user read and write access to the data folder.")
    case EROFS:
        return error("the disk is mounted read-only", "Mount it for writing, or name another data folder.")
    case EMFILE, ENFILE:
        return error("too many files are open", "Raise the limit on open files (ulimit -n).")
    case ENOTDIR, EISDIR, ELOOP:
        return error(reason, "Remove what stands there: the data folder holds folders and files of this program only.")
    case ENAMETOOLONG:
        return error("the name is too long for this disk", "Use shorter ids, or another disk.")
    default:
        return error(reason, "Check the disk and the system log.")
    }
}

/// Repeats a call that a signal interrupted; answers what the call does, which is -1 for a failure.
func uninterrupted<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
