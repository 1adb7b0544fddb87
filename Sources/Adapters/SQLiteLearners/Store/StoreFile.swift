import CLinux
import Glibc
import ReportModel
import SQLiteAccess

/// `learners.db` on the disk, and how another file takes its place at once.
struct StoreFile: Sendable {
    /// `learners.db`.
    let path: String
    /// The file that an import makes.
    var newPath: String { path + ".importing" }
    private var lockPath: String { path + ".lock" }
    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether there is a store.
    var exists: Bool { access(path, F_OK) == 0 }

    /// The version of the store. Throws `newerVersion`, or `dataDamaged` if it is no learner store. Blocks.
    @discardableResult
    func requireKnownVersion() throws -> Int {
        let database = try Database(path: path, options: DatabaseOptions(access: .immutable))
        return try Schema.learnerStore.version(of: database)
    }

    /// Holds off other imports for as long as the answer lives. Throws `conflict` if another one is under way.
    func lock() throws(ExhaustError) -> StoreLock {
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("lock", lockPath) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let error = isHeld ? nil : failure("lock", lockPath)
            close(descriptor)
            throw error
                ?? ExhaustError(
                    .conflict, "import into \(path): another import is under way", remedy: "Wait until it has ended.")
        }
        return StoreLock(descriptor: descriptor)
    }

    /// Copies the store, if there is one, to where the new one is made; left over files of a broken import go. Blocks.
    func beginNew() throws(ExhaustError) {
        discardNew()
        guard exists else { return }
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("read", path) }
        defer { close(source) }
        let target = open(newPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw failure("make", newPath) }
        defer { close(target) }
        // A file system that can share blocks does it in no time.
        if clinux_clone_file(target, source) == 0 { return }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { room.deallocate() }
        while true {
            let count = read(source, room.baseAddress, room.count)
            if count == 0 { return }
            guard count > 0 else { throw failure("read", path) }
            var done = 0
            while done < count {
                let written = write(target, room.baseAddress.map { $0 + done }, count - done)
                guard written > 0 else { throw failure("write", newPath) }
                done += written
            }
        }
    }

    /// Puts the new file, made durable, in place of the old one. Who has the old one open goes on reading it.
    func publishNew() throws(ExhaustError) {
        try makeDurable(newPath, O_RDWR)
        guard rename(newPath, path) == 0 else { throw failure("rename", newPath) }
        try makeDurable(folder, O_RDONLY | O_DIRECTORY)
    }

    /// Removes the file that was being made, if there is one.
    func discardNew() {
        for ending in ["", "-journal", "-wal", "-shm"] { unlink(newPath + ending) }
    }

    private func makeDurable(_ path: String, _ mode: Int32) throws(ExhaustError) {
        let descriptor = open(path, mode | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("write", path) }
    }

    private func failure(_ action: String, _ path: String) -> ExhaustError {
        let isFull = errno == ENOSPC || errno == EDQUOT || errno == EFBIG
        return ExhaustError(
            .storageFailed, "learner store: cannot \(action) \(path): \(String(cString: strerror(errno)))",
            remedy: isFull ? "Free space on that disk, or move the data folder." : "Check the data folder.")
    }
}

/// Holds off other imports; lets go when it goes, and with the process at the latest.
struct StoreLock: ~Copyable, Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
