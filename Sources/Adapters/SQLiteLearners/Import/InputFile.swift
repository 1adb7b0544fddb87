import Glibc
import GzipReading
import ReportModel

/// A file of an import, plain or gzipped, read block by block.
struct InputFile: ~Copyable {
    let path: String
    /// Bytes of the file as it lies on the disk.
    let size: Int64
    private let descriptor: Int32
    private let inflater: GzipReader?
    private let block: UnsafeMutableRawBufferPointer
    /// Bytes that were read from the disk.
    private(set) var bytesRead: Int64 = 0

    /// Opens the file; the ending `.gz` tells that it is gzipped. Throws `storageFailed`.
    init(path: String, readBytes: Int) throws(ExhaustError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "open") }
        var status = stat()
        fstat(descriptor, &status)
        size = Int64(status.st_size)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        inflater = path.hasSuffix(".gz") ? GzipReader(subject: "import of \(path)") : nil
        block = .allocate(byteCount: max(4096, readBytes), alignment: 16)
    }

    deinit {
        block.deallocate()
        close(descriptor)
    }

    /// Reads at least one byte to the front of `room`; 0 at the end.
    /// Throws `storageFailed`, and `invalidInput` for a gzip file that is damaged or ends too early.
    mutating func read(into room: UnsafeMutableRawBufferPointer) throws(ExhaustError) -> Int {
        guard let inflater else { return try readBlock(into: room) }
        while true {
            let count = try inflater.inflate(into: room)
            if count > 0 || room.isEmpty { return count }
            let compressed = try readBlock(into: block)
            if compressed == 0 {
                try inflater.finish()
                return 0
            }
            inflater.input = UnsafeRawBufferPointer(rebasing: block[..<compressed])
        }
    }

    private mutating func readBlock(into room: UnsafeMutableRawBufferPointer) throws(ExhaustError) -> Int {
        while true {
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count >= 0 {
                bytesRead += Int64(count)
                return count
            }
            if errno != EINTR { throw Self.failure(path, "read") }
        }
    }

    private static func failure(_ path: String, _ action: String) -> ExhaustError {
        ExhaustError(
            .storageFailed, "import of \(path): cannot \(action) it: \(String(cString: strerror(errno)))",
            remedy: "Check that the file can be read.")
    }
}
