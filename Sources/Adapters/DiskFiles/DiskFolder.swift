import Glibc
import ReportModel

/// Folders and files of mode 0700 and 0600, made durable. Every function blocks.
enum DiskFolder {
    /// Makes `path` and the folders above it where they are missing, durably.
    static func make(_ path: String) throws {
        // Others may remove a folder that is empty before the next one is made in it; but some places, such as
        // `/proc`, never take one.
        for _ in 0..<8 {
            if uninterrupted({ mkdir(path, 0o700) }) == 0 { return try sync(parent(of: path)) }
            switch errno {
            case EEXIST:
                var status = stat()
                guard stat(path, &status) == 0 else {
                    if errno == ENOENT { continue }
                    throw diskError(errno, path, "cannot be used")
                }
                guard status.isFolder else { throw diskError(ENOTDIR, path, "cannot be used") }
                return
            case ENOENT where parent(of: path) != path: try make(parent(of: path))
            default: throw diskError(errno, path, "cannot be made")
            }
        }
        throw diskError(ENOENT, path, "cannot be made")
    }

    /// The folder above `path`.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Forces the names in a folder to the disk. A folder that somebody removed meanwhile has none.
    static func sync(_ path: String) throws {
        let descriptor = uninterrupted { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw diskError(errno, path, "cannot be opened")
        }
        defer { close(descriptor) }
        guard uninterrupted({ fsync(descriptor) }) == 0 else { throw diskError(errno, path, "cannot be made durable") }
    }

    /// Makes a file that is not there yet. Answers its descriptor, for writing.
    static func makeFile(_ path: String) throws -> Int32 {
        let descriptor = uninterrupted { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard descriptor >= 0 else { throw diskError(errno, path, "cannot be made") }
        return descriptor
    }

    /// Writes all of `bytes`.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let written = uninterrupted {
                    Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                }
                guard written >= 0 else { throw diskError(errno, path, "cannot be written") }
                done += written
            }
        }
    }

    /// Reads `count` bytes at `offset`, fewer at the end.
    static func read(_ descriptor: Int32, at offset: Int64, count: Int, _ path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = uninterrupted {
                    pread(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, Int(offset) + filled)
                }
                guard got >= 0 else { throw diskError(errno, path, "cannot be read") }
                if got == 0 { return }
                filled += got
            }
        }
    }

    /// Removes a file; true if there was one.
    @discardableResult
    static func removeFile(_ path: String) throws -> Bool {
        if uninterrupted({ unlink(path) }) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw diskError(errno, path, "cannot be removed") }
        return false
    }

    /// What is in a folder, sorted, without `.` and `..`; nothing if it is not there.
    static func names(in path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw diskError(errno, path, "cannot be listed")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                if errno != 0 { throw diskError(errno, path, "cannot be listed") }
                return names.sorted()
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// What stands at `path`, links not followed; nil if nothing does.
    static func status(_ path: String) throws -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw diskError(errno, path, "cannot be looked at") }
        return nil
    }
}

extension stat {
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    /// When it was last written.
    var modifiedAt: Timestamp {
        Timestamp(milliseconds: Int64(st_mtim.tv_sec) * 1000 + Int64(st_mtim.tv_nsec) / 1_000_000)
    }
}
