public import BlockingWork
import Glibc
import ReportModel
public import ReportPorts

/// Folders on a disk of this machine.
public struct DiskFolderSource: FolderSource {
    private let root: String
    private let pool: BlockingPool<Void>

    /// Folders below `root`, which are looked at on the threads of `pool`.
    public init(root: String, pool: BlockingPool<Void>) {
        self.root = root
        self.pool = pool
    }

    /// As `FolderSource.names`.
    public func names(in folder: String) async throws -> [String] {
        let path = "\(root)/\(folder)"
        return try await pool.run { _ in
            guard let entries = opendir(path) else {
                if errno == ENOENT { return [] }
                throw Self.failed(path)
            }
            defer { closedir(entries) }
            var names: [String] = []
            while let entry = readdir(entries) {
                names.append(
                    withUnsafeBytes(of: &entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    })
            }
            return names.filter { $0 != "." && $0 != ".." }.sorted()
        }
    }

    /// As `FolderSource.open`.
    public func open(_ path: String) async throws -> any OpenedFile {
        let path = "\(root)/\(path)"
        return try await pool.run { [pool] _ in try DiskOpenedFile(path, pool) }
    }

    static func failed(_ path: String) -> ExhaustError {
        ExhaustError(
            errno == ENOENT ? .notFound : .storageFailed, "\(path): \(String(cString: strerror(errno)))",
            remedy: "Check that it can be read.", mender: .operator)
    }
}

private final class DiskOpenedFile: OpenedFile {
    let size: Int64
    private let path: String
    private let descriptor: Int32
    private let pool: BlockingPool<Void>

    init(_ path: String, _ pool: BlockingPool<Void>) throws(ExhaustError) {
        self.path = path
        self.pool = pool
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskFolderSource.failed(path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DiskFolderSource.failed(path) }
        size = Int64(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await pool.run { [self] _ in
            try [UInt8](unsafeUninitializedCapacity: max(0, count)) { room, filled in
                while filled < count {
                    let step = pread(
                        descriptor, room.baseAddress?.advanced(by: filled), count - filled,
                        off_t(offset) + off_t(filled))
                    if step < 0, errno == EINTR { continue }
                    guard step >= 0 else { throw DiskFolderSource.failed(path) }
                    if step == 0 { break }
                    filled += step
                }
            }
        }
    }

    func close() async {}
}
