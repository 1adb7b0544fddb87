public import BlockingWork
import CLinux
import ReportModel
import SecureArchive
import Synchronization

/// Records sorted by key in flat memory: a few stay in memory, many go through temporary files, sealed under a key that
/// nobody keeps. Written by several tasks at once, each with a writer of its own, then read, also by several at once.
public final class Spool: Sendable {
    private struct State {
        /// Those of the first level come from writers; a level that is full becomes one of the next.
        var levels: [[SpoolRun]] = []
        var diskBytes: Int64 = 0
        var records = 0
    }

    private let folder: String
    private let key: SymmetricKey
    private let limits: SpoolLimits
    private let pool: BlockingPool<Void>
    private let state = Mutex(State())
    private let ending = SharedTask()
    private let merges: OpenMerges

    /// An empty spool, whose files go into `folder`; reading and writing is done on the threads of `pool`.
    public init(folder: String, limits: SpoolLimits = SpoolLimits(), pool: BlockingPool<Void>) throws {
        self.folder = folder
        self.limits = limits
        self.pool = pool
        merges = OpenMerges(bytes: limits.openBytes)
        key = try SymmetricKey.random()
    }

    /// A writer for one task.
    public func writer() -> SpoolWriter { SpoolWriter(self, limits) }

    /// Records written so far, repetitions included.
    public var recordCount: Int { state.withLock { $0.records } }

    /// Bytes in files so far.
    public var diskBytes: Int64 { state.withLock { $0.diskBytes } }

    /// Shows the records from `first` on whose keys come before `end` (nil: all), in order, until `body` answers false.
    /// `body` runs on a thread of the pool. Of records with one key only one is shown: a page that was read twice is
    /// there once.
    public func read<Result: Sendable>(
        from first: [UInt8], before end: [UInt8]?, into start: @autoclosure @escaping @Sendable () -> Result,
        _ body:
            @escaping @Sendable (inout Result, _ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer)
            throws -> Bool
    ) async throws -> Result {
        try await ending.run { [self] in try await endWriting() }
        let runs = state.withLock { $0.levels.flatMap(\.self) }
        return try await pool.run { [merges, limits] _ in
            var merge = try merges.take(at: first) ?? SpoolMerge(runs, from: first)
            // Made here, since whoever else held it would make the first change a copy.
            var result = start()
            try merge.forEach(before: end) { try body(&result, $0, $1) }
            merges.keep(merge, of: runs.count * limits.blockBytes)
            return result
        }
    }

    /// Keeps a writer's records; those of `isLast` stay in memory if nothing has gone to a file yet.
    func add(_ buffer: RecordBuffer, isLast: Bool) async throws {
        if buffer.records.isEmpty { return }
        let maySitInMemory = isLast && diskBytes == 0
        let run = try await pool.run { [self] _ in
            var buffer = buffer
            buffer.sort()
            return maySitInMemory && buffer.byteCount < limits.bufferBytes ? .memory(buffer) : try write(buffer)
        }
        state.withLock { $0.records += buffer.records.count }
        try await keep(run, atLevel: 0)
    }

    /// Keeps a run; a level with as many as may be open at once is merged to one run of the next.
    private func keep(_ run: SpoolRun, atLevel level: Int) async throws {
        let full = state.withLock { state -> [SpoolRun]? in
            while state.levels.count <= level { state.levels.append([]) }
            state.levels[level].append(run)
            guard state.levels[level].count >= limits.runs else { return nil }
            defer { state.levels[level] = [] }
            return state.levels[level]
        }
        if let full { try await keep(try await merged(full), atLevel: level + 1) }
    }

    private func merged(_ runs: [SpoolRun]) async throws -> SpoolRun {
        try await pool.run { [self] _ in
            var merge = try SpoolMerge(runs, from: [])
            var writer = RunWriter(try SpoolFile(folder: folder, key: key), blockBytes: limits.blockBytes)
            try merge.forEach(before: nil) { key, payload in
                try writer.append(key, payload)
                return true
            }
            let run = try writer.finish()
            try note(writer.blocks.byteCount)
            return run
        }
    }

    private func write(_ buffer: RecordBuffer) throws -> SpoolRun {
        var writer = RunWriter(try SpoolFile(folder: folder, key: key), blockBytes: limits.blockBytes)
        try buffer.bytes.withUnsafeBytes { all in
            for record in buffer.records {
                try writer.append(RecordBuffer.key(record, all), RecordBuffer.payload(record, all))
            }
        }
        let run = try writer.finish()
        try note(writer.blocks.byteCount)
        return run
    }

    private func note(_ bytes: Int64) throws(ExhaustError) {
        let total = state.withLock { state in
            state.diskBytes += bytes
            return state.diskBytes
        }
        guard total <= limits.diskBytes else {
            throw ExhaustError(
                .limitExceeded, "temporary files: over \(limits.diskBytes) bytes",
                remedy: "Ask for fewer batches at once, or raise the limit.", mender: .operator)
        }
    }

    /// Makes the runs few enough to be read together. Nobody writes any more by then.
    private func endWriting() async throws {
        while let (level, runs) = state.withLock({ state -> (Int, [SpoolRun])? in
            guard state.levels.reduce(0, { $0 + $1.count }) > limits.runs,
                let level = state.levels.firstIndex(where: { !$0.isEmpty })
            else { return nil }
            defer { state.levels[level] = [] }
            return (level, state.levels[level])
        }) {
            try await keep(try await merged(runs), atLevel: level + 1)
        }
        // Writers leave the heap full of holes; what is read next would be added to them.
        if diskBytes > 0 { try await pool.run { _ in _ = malloc_trim(0) } }
    }
}

/// Puts records into a spool. Used by one task.
public struct SpoolWriter: ~Copyable {
    private let spool: Spool
    private let limits: SpoolLimits
    private var buffer = RecordBuffer()

    init(_ spool: Spool, _ limits: SpoolLimits) {
        self.spool = spool
        self.limits = limits
    }

    /// Adds a record; `flushIfFull` is to be called soon.
    public mutating func append(_ key: SpoolKey, _ payload: UnsafeRawBufferPointer) {
        buffer.append(key: key.bytes, payload: payload)
    }

    /// Writes away what was collected, if it is much. Call it after every page.
    public mutating func flushIfFull() async throws {
        guard buffer.byteCount >= limits.bufferBytes else {
            if buffer.byteCount >= limits.bufferBytes / 2 { buffer.reserve(limits.bufferBytes / 2 * 3) }
            return
        }
        try await spool.add(buffer, isLast: false)
        buffer.removeAll()
    }

    /// Hands over what is left.
    public mutating func finish() async throws {
        try await spool.add(buffer, isLast: true)
        buffer = RecordBuffer()
    }
}
