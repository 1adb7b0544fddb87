public import BlockingWork
import ReportModel
import SecureArchive
import Synchronization

/// Records sorted by key in flat memory: a few stay in memory, many go through temporary files, sealed under a key that
/// nobody keeps. Written by several tasks at once, each with a writer of its own, then read, also by several at once.
public final class Spool: Sendable {
    private struct State {
        var runs: [SpoolRun] = []
        var diskBytes: Int64 = 0
        var records = 0
    }

    private let folder: String
    private let key: SymmetricKey
    private let limits: SpoolLimits
    private let pool: BlockingPool<Void>
    private let state = Mutex(State())

    /// An empty spool, whose files go into `folder`; reading and writing is done on the threads of `pool`.
    public init(folder: String, limits: SpoolLimits = SpoolLimits(), pool: BlockingPool<Void>) throws {
        self.folder = folder
        self.limits = limits
        self.pool = pool
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
        from first: [UInt8], before end: [UInt8]?, into start: Result,
        _ body:
            @escaping @Sendable (inout Result, _ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer)
            throws -> Bool
    ) async throws -> Result {
        try await mergeIfMany()
        let runs = state.withLock { $0.runs }
        return try await pool.run { _ in
            var merge = try SpoolMerge(runs, from: first)
            var result = start
            try merge.forEach(before: end) { try body(&result, $0, $1) }
            return result
        }
    }

    /// Keeps a writer's records; those of `isLast` may stay in memory.
    func add(_ buffer: RecordBuffer, isLast: Bool) async throws {
        if buffer.records.isEmpty { return }
        let run = try await pool.run { [self] _ in
            var buffer = buffer
            buffer.sort()
            return isLast && buffer.byteCount < limits.bufferBytes ? .memory(buffer) : try write(buffer)
        }
        state.withLock { state in
            state.runs.append(run)
            state.records += buffer.records.count
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
        try note(writer.byteCount)
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

    /// Merges runs to one while there are more than may be open at once. Nobody writes any more by then.
    private func mergeIfMany() async throws {
        while true {
            let many = state.withLock { state -> [SpoolRun]? in
                guard state.runs.count > limits.runs else { return nil }
                let first = Array(state.runs.prefix(limits.runs))
                state.runs.removeFirst(first.count)
                return first
            }
            guard let many else { return }
            let merged = try await pool.run { [self] _ in
                var merge = try SpoolMerge(many, from: [])
                var writer = RunWriter(try SpoolFile(folder: folder, key: key), blockBytes: limits.blockBytes)
                try merge.forEach(before: nil) { key, payload in
                    try writer.append(key, payload)
                    return true
                }
                let run = try writer.finish()
                try note(writer.byteCount)
                return run
            }
            state.withLock { $0.runs.append(merged) }
        }
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
        guard buffer.byteCount >= limits.bufferBytes else { return }
        try await spool.add(buffer, isLast: false)
        buffer.removeAll()
    }

    /// Hands over what is left.
    public mutating func finish() async throws {
        try await spool.add(buffer, isLast: true)
        buffer = RecordBuffer()
    }
}
