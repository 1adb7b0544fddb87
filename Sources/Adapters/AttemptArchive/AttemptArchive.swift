public import BlockingWork
import GzipReading
import ReportModel
public import ReportPorts
import SealedSpool
import Synchronization

/// Attempts that were moved out of the live table into CSV files, by batch (upstream.md 5.6):
/// `<path><batch>_<collection>/<year>-<week>-<time>.csv`, or `.csv.gz`.
public struct AttemptArchive: Sendable {
    /// What it is read with.
    public struct Options: Sendable {
        /// What stands before the folders of batches, such as `archival-data/`.
        public var path: String
        /// The folder for what is sorted on disk, sealed.
        public var temporaryFolder: String

        /// Where it is.
        public init(path: String, temporaryFolder: String) {
            self.path = path
            self.temporaryFolder = temporaryFolder
        }
    }

    let source: any FolderSource
    let options: Options
    let pool: BlockingPool<Void>

    /// The archive in the folders of `source`. Temporary files are touched on threads of `pool`.
    public init(_ source: any FolderSource, options: Options, pool: BlockingPool<Void>) {
        self.source = source
        self.options = options
        self.pool = pool
    }

    /// A learner store whose runs read this archive.
    public func joined(to base: any LearnerStore) -> any LearnerStore {
        ArchivedLearnerStore(base: base, archive: self)
    }

    func folder(of batch: BatchKey) -> String { "\(options.path)\(batch.batch)_\(batch.collection)" }

    static func unreadable(_ path: String, _ error: ExhaustError) -> ExhaustError {
        ExhaustError(
            // A damaged file is no outage that could be waited out.
            error.code == .unavailable ? .unavailable : .storageFailed, "archive \(path): \(error.message)",
            remedy: "It is tried again; mend the file, or remove it if its attempts are to be left out.",
            mender: .operator, cause: error)
    }

    /// Files of a batch, which another program names by year, week and time.
    func files(of batch: BatchKey) async throws -> [String] {
        let folder = folder(of: batch)
        return try await source.names(in: folder).filter { name in
            (name.hasSuffix(".csv") || name.hasSuffix(".csv.gz")) && name.filter { $0 == "-" }.count >= 2
        }.map { "\(folder)/\($0)" }
    }
}

private struct ArchivedLearnerStore: LearnerStore {
    let base: any LearnerStore
    let archive: AttemptArchive

    func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        var sources = try await base.open(for: batches, needs: needs, meter: meter)
        sources.archive = ArchiveRun(archive)
        return sources
    }
}

/// What one run reads of an archive: each batch is read once, and sorted.
final class ArchiveRun: ArchiveSource {
    /// Bytes that are read at once.
    static let chunkBytes = 1 << 20

    private let archive: AttemptArchive
    private let loading = Mutex<[BatchKey: Task<Spool, any Error>]>([:])

    init(_ archive: AttemptArchive) { self.archive = archive }

    deinit { loading.withLock { $0.values.forEach { $0.cancel() } } }

    func hasArchive(of batch: BatchKey) async throws -> Bool { try await !archive.files(of: batch).isEmpty }

    private struct Position: Sendable { var key: [UInt8] }

    private struct Filling: Sendable {
        var page = AttemptPage()
        var start = 0
        var room: [UInt8] = []
        var next: [UInt8] = []
    }

    func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        if keys.count == 0 { return AttemptPage() }
        let spool = try await loaded(batch)
        let folder = archive.folder(of: batch)
        var from = SpoolKey(group: 0).bytes
        if let position = cursor?.state as? Position {
            from = position.key
        } else if let after = keys.range.after {
            var key = SpoolKey(group: 0)
            key.append(text: after)
            from = key.afterAll
        }
        var before: [UInt8]?
        if let through = keys.range.through {
            var key = SpoolKey(group: 0)
            key.append(text: through)
            before = key.afterAll
        }
        var filled = try await spool.read(from: from, before: before, into: Filling()) { state, key, payload in
            state.room.removeAll(keepingCapacity: true)
            SpoolKey.firstText(of: key, into: &state.room)
            let learner = state.room.withUnsafeBytes { keys.index(of: $0, from: &state.start) }
            guard let learner else { return true }
            do {
                try ArchivedColumns.read(payload, learner: learner, into: &state.page)
            } catch let error as ExhaustError {
                throw AttemptArchive.unreadable(folder, error)
            }
            guard state.page.byteCount >= limits.bytes else { return true }
            state.next = Array(key) + [0]
            return false
        }
        if !filled.next.isEmpty { filled.page.next = AttemptCursor(state: Position(key: filled.next)) }
        return filled.page
    }

    private func loaded(_ batch: BatchKey) async throws -> Spool {
        // Shared by the ranges of a batch, which read it at the same time.
        let task = loading.withLock { loading in
            let task = loading[batch] ?? Task { [archive] in try await Self.load(batch, archive) }
            loading[batch] = task
            return task
        }
        return try await task.value
    }

    private static func load(_ batch: BatchKey, _ archive: AttemptArchive) async throws -> Spool {
        let spool = try Spool(folder: archive.options.temporaryFolder, pool: archive.pool)
        for path in try await archive.files(of: batch) {
            do {
                try await read(path, batch, archive, into: spool)
            } catch let error as ExhaustError {
                throw AttemptArchive.unreadable(path, error)
            }
        }
        return spool
    }

    private static func read(
        _ path: String, _ batch: BatchKey, _ archive: AttemptArchive, into spool: Spool
    ) async throws {
        let file = try await archive.source.open(path)
        var parser = ArchiveParser(batch, isCompressed: path.hasSuffix(".gz"), spool.writer())
        var offset: Int64 = 0
        while offset < file.size {
            try Task.checkCancellation()
            let chunk = try await file.read(at: offset, count: Self.chunkBytes)
            guard !chunk.isEmpty else { throw ExhaustError(.dataDamaged, "it ends too early") }
            offset += Int64(chunk.count)
            try parser.feed(chunk)
            try await parser.writer.flushIfFull()
        }
        try parser.finish()
        try await parser.writer.finish()
        await file.close()
    }
}

/// From the bytes of a file to records of a spool. Used by one task.
private struct ArchiveParser: ~Copyable {
    var writer: SpoolWriter
    private let batch: BatchKey
    private let inflater: GzipReader?
    private var records = CSVRecords()
    private var columns: ArchivedColumns?
    private var room = [UInt8](repeating: 0, count: 256 << 10)

    init(_ batch: BatchKey, isCompressed: Bool, _ writer: consuming SpoolWriter) {
        self.batch = batch
        self.writer = writer
        inflater = isCompressed ? GzipReader(subject: "gzip") : nil
    }

    mutating func feed(_ chunk: [UInt8]) throws {
        guard let inflater else { return try take(chunk) }
        try chunk.withUnsafeBytes { bytes in
            inflater.input = bytes
            while true {
                let count = try room.withUnsafeMutableBytes { try inflater.inflate(into: $0) }
                if count == 0 { return }
                try take(Array(room[..<count]))
            }
        }
    }

    mutating func finish() throws {
        try inflater?.finish()
        var rest: [[[UInt8]]] = []
        try records.finish { rest.append($0) }
        for cells in rest { try add(cells) }
    }

    private mutating func take(_ bytes: [UInt8]) throws {
        var rows: [[[UInt8]]] = []
        try records.feed(bytes) { rows.append($0) }
        for cells in rows { try add(cells) }
    }

    private mutating func add(_ cells: [[UInt8]]) throws {
        guard let columns else {
            columns = try ArchivedColumns(header: cells)
            return
        }
        guard columns.isAbout(batch, cells) else { return }
        columns.payload(cells).withUnsafeBytes { writer.append(columns.key(cells), $0) }
    }
}

extension AttemptPage {
    /// About the memory of the page.
    fileprivate var byteCount: Int {
        arena.count + attempts.count * MemoryLayout<Attempt>.stride + questions.count * MemoryLayout<Question>.stride
    }
}
