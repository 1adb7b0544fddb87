import Glibc
import ReportModel
public import ReportPorts

/// Sealed parts in a folder: one folder a run, one file a part. Names of runs and parts are the caller's and may hold
/// anything; on the disk they are percent-encoded.
public final class DiskPartStore: PartStore {
    /// Bytes that one part may have.
    public static let partLimit = 512 << 20

    private let root: String
    private let queues = DiskQueues()

    private init(root: String) { self.root = root }

    /// Opens the folder at `path`, and makes it if it is not there. Throws `storageFailed` if it cannot be used.
    public static func open(folder path: String) async throws -> DiskPartStore {
        let store = DiskPartStore(root: path)
        try await store.queues.run { try DiskFolder.make(path) }
        return store
    }

    /// As `PartStore.put`. Throws `limitExceeded` for a part over `partLimit`.
    public func put(_ part: [UInt8], name: String, run: String) async throws {
        guard part.count <= Self.partLimit else { throw Self.tooLarge(name, run) }
        let folder = try folder(of: run)
        let final = try folder + "/" + EncodedName.encode(name)
        // The dot keeps it apart from every part's name.
        let writing = "\(folder)/.\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        try await queues.run {
            try DiskFolder.make(folder)
            let file = OpenFile(try DiskFolder.makeFile(writing))
            do {
                try file.use { descriptor in
                    try DiskFolder.write(part, to: descriptor, final)
                    guard uninterrupted({ fsync(descriptor) }) == 0 else {
                        throw diskError(errno, final, "cannot be made durable")
                    }
                }
                file.close()
                guard uninterrupted({ rename(writing, final) }) == 0 else {
                    throw diskError(errno, final, "cannot be written")
                }
            } catch {
                unlink(writing)
                throw error
            }
            try DiskFolder.sync(folder)
        }
    }

    /// As `PartStore.get`.
    public func get(name: String, run: String) async throws -> [UInt8] {
        let path = try folder(of: run) + "/" + EncodedName.encode(name)
        let queue = queues.next()
        return try await queue.run {
            let descriptor = uninterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
            guard descriptor >= 0 else {
                if errno == ENOENT { throw ExhaustError(.notFound, "part \(name) of run \(run): there is none") }
                throw diskError(errno, path, "cannot be opened")
            }
            return try OpenFile(descriptor).use { descriptor in
                var status = stat()
                guard fstat(descriptor, &status) == 0 else { throw diskError(errno, path, "cannot be looked at") }
                guard status.st_size <= Self.partLimit else { throw Self.tooLarge(name, run) }
                return try DiskFolder.read(descriptor, at: 0, count: Int(status.st_size), path)
            }
        }
    }

    /// As `PartStore.removeAll`.
    public func removeAll(run: String) async throws {
        let folder = try folder(of: run)
        try await queues.run {
            for name in try DiskFolder.names(in: folder) { try DiskFolder.removeFile(folder + "/" + name) }
            guard rmdir(folder) == 0 || errno == ENOENT || errno == ENOTEMPTY else {
                throw diskError(errno, folder, "cannot be removed")
            }
        }
    }

    /// As `PartStore.runs`.
    public func runs() async throws -> [String] {
        let root = root
        return try await queues.run { try DiskFolder.names(in: root).compactMap(EncodedName.decode).sorted() }
    }

    private func folder(of run: String) throws -> String { try root + "/" + EncodedName.encode(run) }

    private static func tooLarge(_ name: String, _ run: String) -> ExhaustError {
        ExhaustError(
            .limitExceeded, "part \(name) of run \(run): it is larger than \(partLimit) bytes",
            remedy: "Make the ranges smaller.", mender: .operator)
    }
}
