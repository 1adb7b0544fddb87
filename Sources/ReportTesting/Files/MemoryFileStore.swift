public import ReportModel
public import ReportPorts
import Synchronization

/// Published files in memory.
public final class MemoryFileStore: FileStore, FileOpening {
    fileprivate struct Stored {
        var bytes: [UInt8]
        var modifiedAt: Timestamp
        var isFinished = true
    }

    fileprivate struct State {
        var staged: [String: Stored] = [:]
        var published: [String: Stored] = [:]
        var nextName = 0
    }

    fileprivate let state = Mutex(State())
    fileprivate let clock: any ServiceClock

    /// An empty store whose ages go by `clock`.
    public init(clock: any ServiceClock) { self.clock = clock }

    /// Names of files that were begun and neither published nor discarded.
    public var stagedNames: [String] { state.withLock { $0.staged.keys.sorted() } }

    /// As `FileStore.stage`.
    public func stage(_ path: String, fencing: Int64) async throws -> any StagedFile {
        _ = try StoredPath.parts(of: path)
        let now = clock.now()
        let staging = state.withLock { state in
            state.nextName += 1
            let name = "\(state.nextName).\(fencing)"
            state.staged[name] = Stored(bytes: [], modifiedAt: now, isFinished: false)
            return name
        }
        return MemoryStagedFile(name: StagedFileName(staging: staging, final: path), store: self)
    }

    /// As `FileStore.publish`.
    public func publish(_ file: StagedFileName) async throws {
        _ = try StoredPath.parts(of: file.final)
        let now = clock.now()
        try state.withLock { state in
            guard var stored = state.staged[file.staging], stored.isFinished else {
                if state.published[file.final] != nil { return }
                throw ExhaustError(.notFound, "file \(file.final): neither its staged nor its final form is there")
            }
            state.staged[file.staging] = nil
            stored.modifiedAt = now
            state.published[file.final] = stored
        }
    }

    /// As `FileStore.discard`.
    public func discard(_ file: StagedFileName) async throws {
        state.withLock { $0.staged[file.staging] = nil }
    }

    /// As `FileStore.size`.
    public func size(of path: String) async throws -> Int64? {
        _ = try StoredPath.parts(of: path)
        return state.withLock { $0.published[path].map { Int64($0.bytes.count) } }
    }

    /// As `FileStore.read`.
    public func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8] {
        try await open(path).read(at: offset, count: count)
    }

    /// As `FileOpening.open`.
    public func open(_ path: String) async throws -> any OpenedFile {
        _ = try StoredPath.parts(of: path)
        guard let stored = state.withLock({ $0.published[path] }) else {
            throw ExhaustError(.notFound, "file \(path): there is none")
        }
        return MemoryOpenedFile(path: path, bytes: stored.bytes, version: String(stored.bytes.hashValue, radix: 36))
    }

    /// As `FileStore.remove`.
    public func remove(_ path: String) async throws {
        _ = try StoredPath.parts(of: path)
        state.withLock { $0.published[path] = nil }
    }

    /// As `FileStore.published`.
    public func published() async throws -> [StoredFile] {
        state.withLock { state in
            state.published.map {
                StoredFile(path: $0.key, bytes: Int64($0.value.bytes.count), modifiedAt: $0.value.modifiedAt)
            }
        }.sorted { $0.path < $1.path }
    }

    /// As `FileStore.sweepStaged`.
    public func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int {
        state.withLock { state in
            let stale = state.staged.filter { $0.value.modifiedAt < moment && !keeping.contains($0.key) }
            for name in stale.keys { state.staged[name] = nil }
            return stale.count
        }
    }
}

private struct MemoryOpenedFile: VersionedFile {
    let path: String
    let bytes: [UInt8]
    let version: String

    var size: Int64 { Int64(bytes.count) }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, count >= 0 else {
            throw ExhaustError(.invalidInput, "file \(path): offset \(offset) or count \(count) is below zero")
        }
        return Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
    }

    func close() async {}
}

private struct MemoryStagedFile: StagedFile {
    let name: StagedFileName
    let store: MemoryFileStore

    func write(_ bytes: [UInt8]) async throws {
        let now = store.clock.now()
        try store.state.withLock { state in
            guard state.staged[name.staging] != nil else {
                throw ExhaustError(.notFound, "staged file \(name.staging): it was removed")
            }
            state.staged[name.staging]?.bytes += bytes
            state.staged[name.staging]?.modifiedAt = now
        }
    }

    func finish() async throws {
        try store.state.withLock { state in
            guard state.staged[name.staging] != nil else {
                throw ExhaustError(.notFound, "staged file \(name.staging): it was removed")
            }
            state.staged[name.staging]?.isFinished = true
        }
    }

    func discard() async {
        store.state.withLock { $0.staged[name.staging] = nil }
    }
}
