import CLinux
import Dispatch
import Glibc
import Synchronization

/// What happens in folders, as the kernel tells it. Used by one test at a time.
final class FolderWatch: Sendable {
    /// What happened to a name.
    enum Change: Sendable, Hashable { case made, movedIn, movedOut, removed }

    struct Event: Sendable, Hashable {
        var folder: String
        var name: String
        var change: Change
    }

    private struct State {
        var folders: [Int32: String] = [:]
        var events: [Event] = []
        /// Files that were there before the watch over a new folder began, by path, with their numbers on the disk.
        var listed: [String: UInt64] = [:]
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Watches these folders, and every folder that is made in one of them.
    init(_ folders: String...) throws {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw TestFailure("no inotify: \(String(cString: strerror(errno)))") }
        for folder in folders { try watch(folder) }
    }

    deinit { close(descriptor) }

    /// Everything that has happened so far.
    func events() -> [Event] {
        drain()
        return state.withLock { $0.events }
    }

    /// Waits until `isEnough` holds for all events so far. Throws if it does not within the time.
    func wait(seconds: Double = 60, until isEnough: @escaping @Sendable ([Event]) -> Bool) async throws {
        let hasHappened = await withCheckedContinuation { continuation in
            DispatchQueue(label: "folder watch").async {
                var end = timespec()
                clock_gettime(CLOCK_MONOTONIC, &end)
                let deadline = Double(end.tv_sec) + Double(end.tv_nsec) / 1e9 + seconds
                while true {
                    if isEnough(self.events()) { return continuation.resume(returning: true) }
                    var now = timespec()
                    clock_gettime(CLOCK_MONOTONIC, &now)
                    let rest = deadline - Double(now.tv_sec) - Double(now.tv_nsec) / 1e9
                    if rest <= 0 { return continuation.resume(returning: false) }
                    var ready = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&ready, 1, Int32(rest * 1000) + 1)
                }
            }
        }
        guard hasHappened else { throw TestFailure("nothing of what was waited for happened in \(seconds) s") }
    }

    private func watch(_ folder: String) throws {
        let mask = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        let number = inotify_add_watch(descriptor, folder, mask)
        guard number >= 0 else { throw TestFailure("\(folder): \(String(cString: strerror(errno)))") }
        state.withLock { $0.folders[number] = folder }
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            buffer[..<count].withUnsafeBytes { bytes in
                var offset = 0
                while offset < bytes.count {
                    let head = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let start = offset + MemoryLayout<inotify_event>.size
                    let name = bytes[start..<start + Int(head.len)].prefix { $0 != 0 }
                    note(head, String(decoding: name, as: UTF8.self))
                    offset = start + Int(head.len)
                }
            }
        }
    }

    private func note(_ head: inotify_event, _ name: String) {
        guard let folder = state.withLock({ $0.folders[head.wd] }) else { return }
        let mask = Int32(bitPattern: head.mask)
        func add(_ change: Change) {
            let number = change == .movedIn ? Self.number(of: folder + "/" + name) : nil
            state.withLock { state in
                // Listed already, and the same file still: it came between the watch and the list.
                if let number, state.listed.removeValue(forKey: folder + "/" + name) == number { return }
                state.events.append(Event(folder: folder, name: name, change: change))
            }
        }
        if mask & IN_CREATE != 0 { add(.made) }
        if mask & IN_MOVED_TO != 0 { add(.movedIn) }
        if mask & IN_MOVED_FROM != 0 { add(.movedOut) }
        if mask & IN_DELETE != 0 { add(.removed) }
        guard mask & Int32(bitPattern: UInt32(IN_ISDIR)) != 0, mask & IN_CREATE != 0 else { return }
        begin(folder + "/" + name)
    }

    /// Watches a folder that was made, with what came into it meanwhile.
    private func begin(_ made: String) {
        do {
            try watch(made)
        } catch {
            // It is gone already.
            return
        }
        for inner in Folder.names(in: made) {
            let path = made + "/" + inner
            let number = Self.number(of: path)
            state.withLock { state in
                state.listed[path] = number
                state.events.append(Event(folder: made, name: inner, change: .movedIn))
            }
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { begin(path) }
        }
    }

    private static func number(of path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
