import Glibc
import ReportModel
import ReportPorts
import Synchronization

/// A descriptor that is closed once, at the latest with the last reference to it.
final class OpenFile: Sendable {
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    deinit { close() }

    /// Does `body` with the descriptor. Throws `conflict` if it was closed.
    func use<Result>(_ body: (Int32) throws -> Result) throws -> Result {
        try descriptor.withLock { descriptor in
            guard let descriptor else { throw ExhaustError(.conflict, "a file was used after it was closed") }
            return try body(descriptor)
        }
    }

    func close() {
        if let descriptor = descriptor.withLock({ $0.take() }) { Glibc.close(descriptor) }
    }
}

/// A file on its way in the staging folder.
struct DiskStagedFile: StagedFile {
    /// What the name ends in until the file is finished.
    static let partial = ".partial"

    let name: StagedFileName
    let folder: String
    let file: OpenFile
    let queue: DiskQueue

    private var path: String { folder + "/" + name.staging }

    func write(_ bytes: [UInt8]) async throws {
        let path = path + Self.partial
        try await queue.run { [file] in try file.use { try DiskFolder.write(bytes, to: $0, path) } }
    }

    func finish() async throws {
        let path = path
        try await queue.run { [file, folder] in
            try file.use { descriptor in
                guard uninterrupted({ fsync(descriptor) }) == 0 else {
                    throw diskError(errno, path, "cannot be made durable")
                }
            }
            file.close()
            guard uninterrupted({ rename(path + Self.partial, path) }) == 0 else {
                if errno == ENOENT {
                    throw ExhaustError(.notFound, "staged file \(path): it was removed", mender: .operator)
                }
                throw diskError(errno, path, "cannot be finished")
            }
            try DiskFolder.sync(folder)
        }
    }

    func discard() async {
        let path = path
        // It goes to the same queue, so it comes after any write; what cannot be removed here is swept later.
        await queue.perform { [file] in
            file.close()
            unlink(path + Self.partial)
            unlink(path)
        }
    }
}

/// A published file, held open.
struct DiskOpenedFile: VersionedFile {
    let size: Int64
    /// By inode, size and time of the last change, which is that of a file's making.
    let version: String
    private let name: String
    private let file: OpenFile
    private let queue: DiskQueue

    /// Opens the file at `path`. Blocks, but not for a pipe, which would wait for its other end.
    init(_ path: String, name: String, queue: DiskQueue) throws {
        let descriptor = uninterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw ExhaustError(.notFound, "file \(name): there is none") }
            throw diskError(errno, path, "cannot be opened")
        }
        file = OpenFile(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw diskError(errno, path, "cannot be looked at") }
        guard status.isFile else { throw ExhaustError(.notFound, "file \(name): there is none") }
        size = Int64(status.st_size)
        version = [
            Int64(bitPattern: UInt64(status.st_ino)), size, Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
        ].map { String($0, radix: 36) }.joined(separator: "-")
        self.name = name
        self.queue = queue
    }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, count >= 0 else {
            throw ExhaustError(.invalidInput, "file \(name): offset \(offset) or count \(count) is below zero")
        }
        // No more memory than there are bytes, whatever was asked for.
        let count = Int(min(Int64(count), max(0, size - offset)))
        return try await queue.run { [file, name] in
            try file.use { try DiskFolder.read($0, at: offset, count: count, name) }
        }
    }

    func close() async { file.close() }
}
