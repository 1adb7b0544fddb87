import Glibc
public import ReportModel
public import ReportPorts

/// Published files in a folder. Files are staged in its folder `.staging`, which no path can name, first as
/// `<name>.partial` and, finished and on the disk, as `<name>`; publishing is one rename. So nothing half-written ever
/// has a staging name that can be published, and nothing unpublished a name that can be read.
public final class DiskFileStore: FileStore, FileOpening {
    private let root: String
    private let queues = DiskQueues()
    private var staging: String { root + "/" + StoredPath.staging }

    private init(root: String) { self.root = root }

    /// Opens the folder at `path`, and makes it if it is not there. Throws `storageFailed` if it cannot be used.
    public static func open(folder path: String) async throws -> DiskFileStore {
        let store = DiskFileStore(root: path)
        try await store.queues.run { try DiskFolder.make(store.staging) }
        return store
    }

    /// As `FileStore.stage`.
    public func stage(_ path: String, fencing: Int64) async throws -> any StagedFile {
        _ = try StoredPath.parts(of: path)
        let staging = staging
        let queue = queues.next()
        return try await queue.run {
            // Random, since several workers stage files of one path, and several files of one run.
            let name = "\(String(UInt64.random(in: 0 ... .max), radix: 16)).\(fencing)"
            let file = OpenFile(try DiskFolder.makeFile("\(staging)/\(name)\(DiskStagedFile.partial)"))
            return DiskStagedFile(
                name: StagedFileName(staging: name, final: path), folder: staging, file: file, queue: queue)
        }
    }

    /// As `FileStore.publish`.
    public func publish(_ file: StagedFileName) async throws {
        let staged = try stagedPath(file)
        let final = try absolute(file.final)
        let staging = staging
        try await queues.run {
            // A folder that becomes empty is removed, perhaps between making and using it.
            for _ in 0..<8 {
                try DiskFolder.make(DiskFolder.parent(of: final))
                if uninterrupted({ rename(staged, final) }) == 0 {
                    try DiskFolder.sync(DiskFolder.parent(of: final))
                    return try DiskFolder.sync(staging)
                }
                guard errno == ENOENT else { throw diskError(errno, final, "cannot be published") }
                if try DiskFolder.status(staged) == nil { break }
            }
            guard try DiskFolder.status(final)?.isFile == true else {
                throw ExhaustError(
                    .notFound, "file \(file.final): neither its staged nor its final form is there",
                    remedy: "It is made again by the next attempt.", mender: .operator)
            }
        }
    }

    /// As `FileStore.discard`.
    public func discard(_ file: StagedFileName) async throws {
        let staged = try stagedPath(file)
        try await queues.run {
            try DiskFolder.removeFile(staged)
            try DiskFolder.removeFile(staged + DiskStagedFile.partial)
        }
    }

    /// As `FileStore.size`.
    public func size(of path: String) async throws -> Int64? {
        let absolute = try absolute(path)
        return try await queues.run {
            guard let status = try DiskFolder.status(absolute), status.isFile else { return nil }
            return Int64(status.st_size)
        }
    }

    /// As `FileStore.read`.
    public func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8] {
        try await open(path).read(at: offset, count: count)
    }

    /// As `FileOpening.open`.
    public func open(_ path: String) async throws -> any OpenedFile {
        let absolute = try absolute(path)
        let queue = queues.next()
        return try await queue.run { try DiskOpenedFile(absolute, name: path, queue: queue) }
    }

    /// As `FileStore.remove`. Folders that become empty go too.
    public func remove(_ path: String) async throws {
        let absolute = try absolute(path)
        let root = root
        try await queues.run {
            guard try DiskFolder.removeFile(absolute) else { return }
            var folder = DiskFolder.parent(of: absolute)
            try DiskFolder.sync(folder)
            while folder != root, rmdir(folder) == 0 { folder = DiskFolder.parent(of: folder) }
        }
    }

    /// As `FileStore.published`, sorted by path.
    public func published() async throws -> [StoredFile] {
        let root = root
        return try await queues.run {
            var files: [StoredFile] = []
            // Paths of folders below the root that are still to be looked into.
            var folders = [""]
            while let folder = folders.popLast() {
                for name in try DiskFolder.names(in: root + folder) {
                    let path = folder + "/" + name
                    guard path != "/" + StoredPath.staging, let status = try DiskFolder.status(root + path) else {
                        continue
                    }
                    if status.isFolder { folders.append(path) }
                    guard status.isFile else { continue }
                    files.append(
                        StoredFile(
                            path: String(path.dropFirst()), bytes: Int64(status.st_size),
                            modifiedAt: status.modifiedAt))
                }
            }
            return files.sorted { $0.path < $1.path }
        }
    }

    /// As `FileStore.sweepStaged`.
    public func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int {
        let staging = staging
        return try await queues.run {
            var removed = 0
            for entry in try DiskFolder.names(in: staging) {
                let isPartial = entry.hasSuffix(DiskStagedFile.partial)
                let name = isPartial ? String(entry.dropLast(DiskStagedFile.partial.count)) : entry
                guard !keeping.contains(name), let status = try DiskFolder.status(staging + "/" + entry),
                    status.modifiedAt < moment
                else { continue }
                if try DiskFolder.removeFile(staging + "/" + entry) { removed += 1 }
            }
            return removed
        }
    }

    private func absolute(_ path: String) throws -> String {
        _ = try StoredPath.parts(of: path)
        return root + "/" + path
    }

    private func stagedPath(_ file: StagedFileName) throws -> String {
        guard try StoredPath.parts(of: file.staging).count == 1 else {
            throw ExhaustError(.invalidInput, "staging name \"\(file.staging.prefix(80))\": it is none of this store")
        }
        return staging + "/" + file.staging
    }
}
