import Glibc
import ReportModel

/// A file that appears under its name only when it is whole. Used by one task at a time; writes are short, so they are
/// made where they are asked for.
final class PlainFile: Sendable {
    private let path: String
    private let draft: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        draft = "\(path).\(getpid()).part"
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
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
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw FileCopy.failed("write", path) }
        close(descriptor)
    }

    func discard() {
        close(descriptor)
        unlink(draft)
    }
}
