import Glibc
import ReportModel
import Synchronization

/// A file that appears under its name only when it is whole. What is there already and is no file, such as a pipe or
/// `/dev/null`, is written to and stays. Blocking, and used by one thread at a time.
final class PlainFile: Sendable {
    private let path: String
    /// The name that the file has until it is whole; nil of what is no file.
    private let draft: String?
    private let descriptor: Int32
    private let isOpen = Atomic(true)

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

    /// Makes the file durable and gives it its name; after that `discard` does nothing.
    func publish() throws {
        if let draft {
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw FileCopy.failed("write", path) }
        }
        letGo()
    }

    /// Removes what was written, unless it was published.
    func discard() {
        if letGo(), let draft { unlink(draft) }
    }

    /// Closes the file; answers whether it was open, since the number of a closed one may be another file's by then.
    @discardableResult
    private func letGo() -> Bool {
        guard isOpen.exchange(false, ordering: .relaxed) else { return false }
        close(descriptor)
        return true
    }
}
