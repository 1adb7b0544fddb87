internal import Glibc
public import ReportModel

/// A regular file as a source; its descriptor closes with the last owner. Reads block: keep them off Swift's own pool.
public final class FileSource: RandomAccessSource {
    private let descriptor: Int32
    private let path: String
    /// The length at the time of opening.
    public let byteCount: UInt64

    /// Opens for reading; throws if there is no such file, or it is not a regular one.
    public init(path: String) throws(ExhaustError) {
        // Without O_NONBLOCK a pipe in the place of the file would hold the open until somebody writes.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code: ExhaustError.Code = errno == ENOENT ? .notFound : .storageFailed
            throw Self.failure(code, path, reason(errno))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let why = reason(errno)
            close(descriptor)
            throw Self.failure(.storageFailed, path, why)
        }
        guard status.st_mode & S_IFMT == S_IFREG, let count = UInt64(exactly: status.st_size) else {
            close(descriptor)
            throw Self.failure(.invalidInput, path, "it is not a regular file")
        }
        self.descriptor = descriptor
        self.path = path
        byteCount = count
    }

    deinit { close(descriptor) }

    /// Reads a range; throws if the file has become shorter or the disk refuses.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
        var filled = 0
        while filled < buffer.count {
            guard let position = off_t(exactly: offset + UInt64(filled)) else {
                throw damaged(path, "it reaches past the end of the file")
            }
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(descriptor, rest.baseAddress, rest.count, position)
            if count > 0 {
                filled += count
            } else if count == 0 {
                throw damaged(path, "it ends too early")
            } else if errno != EINTR {
                throw Self.failure(.storageFailed, path, reason(errno))
            }
        }
    }

    private static func failure(_ code: ExhaustError.Code, _ path: String, _ why: String) -> ExhaustError {
        ExhaustError(code, "\(path): \(why)", remedy: "Check the path and its permissions.")
    }
}

private func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
