import Glibc
import ReportModel

/// A file that appears under its name only when it is whole. What is there already and is no file, such as a pipe or
/// `/dev/null`, is written to and stays. Used by one task at a time; writes are short, so they are made where they are
/// asked for.
final class PlainFile: Sendable {
    private let path: String
    /// The name that the file has until it is whole; nil of what is no file.
    private let draft: String?
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            draft = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        } else {
            let draft = "\(path).\(getpid()).part"
            self.draft = draft
            descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { throw FileCopy.failed("write", path) }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { all in
            var written = 0
            while written < all.count {
                let step = Glibc.write(descriptor, all.baseAddress?.advanced(by: written), all.count - written)
                guard step > 0 else { throw FileCopy.failed("write", path) }
                written += step
            }
        }
    }

    func publish() throws {
        if let draft {
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw FileCopy.failed("write", path) }
        }
        close(descriptor)
    }

    func discard() {
        close(descriptor)
        if let draft { unlink(draft) }
    }
}
