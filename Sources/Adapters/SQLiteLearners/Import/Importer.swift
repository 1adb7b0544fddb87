import BlockingWork
public import ReportModel
import SQLiteAccess

/// `exhaust import`: reads a folder of tables (design.md 5) into a new learner store, made from the old one, and puts it
/// in the old one's place when all of it is there. Whoever reads the old one meanwhile goes on reading it.
public struct Importer: Sendable {
    private let folder: String
    private let store: StoreFile
    private let limits: ImportLimits

    /// An import of the files in `folder` into the store at path `store`, which is made if it is not there.
    public init(folder: String, store: String, limits: ImportLimits = ImportLimits()) {
        self.folder = folder
        self.store = StoreFile(path: store)
        self.limits = limits
    }

    /// Imports everything or nothing; `now` becomes the data's time. `progress` is called from a thread of the import.
    /// Throws `invalidInput` with file, line and reason for data that cannot be taken, `conflict` while another import
    /// is under way, `storageFailed` if the disk is full, and `CancellationError`.
    public func run(
        now: Timestamp, progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportReport {
        let helper = try await BlockingPool<Void>(name: "import") {}
        do {
            let found = try await helper.run { [folder] _ in try ImportFolder(path: folder) }
            let report = try await replaceStore(helper) { database in
                try await fill(database, from: found, helper: helper, now: now, progress: progress)
            }
            await helper.close()
            return report
        } catch {
            await helper.close()
            throw error
        }
    }

    /// Brings a store of an older version to this one's, in the same way; does nothing if there is no store or it is current.
    /// Answers whether it did something.
    public static func upgrade(store: String) async throws -> Bool {
        let importer = Importer(folder: "", store: store)
        let helper = try await BlockingPool<Void>(name: "upgrade") {}
        let isNeeded = try await helper.run { _ in
            guard importer.store.exists else { return false }
            return try importer.store.requireKnownVersion() < Schema.learnerStore.latestVersion
        }
        if isNeeded { try await importer.replaceStore(helper) { _ in } }
        await helper.close()
        return isNeeded
    }

    /// Lets `body` change a copy of the store, which then takes the place of the store.
    private func replaceStore<Result>(
        _ helper: BlockingPool<Void>, _ body: (ConnectionQueue) async throws -> Result
    ) async throws -> Result {
        let lock = try store.lock()
        defer { withExtendedLifetime(lock) {} }
        do {
            try await helper.run { [store] _ in
                // Before anything is copied, and under the name that people know.
                if store.exists { try store.requireKnownVersion() }
                try store.beginNew()
            }
            let result = try await withNewStore(body)
            try Task.checkCancellation()
            try await helper.run { [store] _ in try store.publishNew() }
            return result
        } catch {
            store.discardNew()
            throw error
        }
    }

    /// Opens the copy; it needs no journal, since it is thrown away unless it is finished.
    private func withNewStore<Result>(_ body: (ConnectionQueue) async throws -> Result) async throws -> Result {
        let options = DatabaseOptions(
            access: .create, journal: .none, durability: .none, cacheBytes: limits.cacheBytes)
        let queue = try await ConnectionQueue.open(path: store.newPath, options: options) { database in
            // Only a file without tables takes it. Large pages suit reading stretches of the file.
            try database.execute("PRAGMA page_size=\(Self.pageBytes)")
            try Schema.learnerStore.migrate(database)
        }
        do {
            try await queue.run { try $0.execute("BEGIN") }
            let result = try await body(queue)
            try await queue.run { try $0.execute("COMMIT") }
            await queue.close()
            return result
        } catch {
            await queue.close()
            throw error
        }
    }

    private func fill(
        _ database: ConnectionQueue, from folder: ImportFolder, helper: BlockingPool<Void>, now: Timestamp,
        progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> ImportReport {
        var report = ImportReport()
        report.unknownFiles = folder.unknown
        let total = folder.size
        for file in folder.files {
            let done = report.bytes
            let reader = TableReader(shape: file.shape, path: file.path, file: file.name, limits: limits) {
                rows, bytes in
                progress(
                    ImportProgress(
                        table: file.shape.name, rows: rows, bytesDone: done + bytes, bytesTotal: total))
            }
            let (outcome, replaced) = try await load(reader, into: database, helper: helper)
            var table = ImportReport.Table(name: file.shape.name, file: file.name)
            table.rows = outcome.rows
            table.unknownColumns = outcome.unknownColumns
            table.replaced = replaced
            report.tables.append(table)
            report.bytes += file.size
            progress(
                ImportProgress(
                    table: table.name, rows: table.rows, bytesDone: report.bytes, bytesTotal: total))
        }
        let facts = StoreFacts.fresh(dataTime: now)
        try await database.run { database in
            try database.execute(Migration.countEnrolments)
            try facts.write(to: database)
        }
        report.dataVersion = facts.dataVersion
        report.dataTime = facts.dataTime
        return report
    }

    /// One thread reads, another writes.
    private func load(
        _ reader: TableReader, into database: ConnectionQueue, helper: BlockingPool<Void>
    ) async throws -> (TableReader.Outcome, replaced: Int) {
        let shape = reader.shape
        let known = try await database.run { try NumberBook(shape.numbers, in: $0) }
        let handOver = HandOver<Chunk>(limit: 1)
        return try await withTaskCancellationHandler {
            async let replaced = database.run { database in
                defer { handOver.close() }
                let writer = try TableWriter(shape, database)
                while let chunk = handOver.take() { try writer.write(chunk) }
                return writer.replaced
            }
            async let outcome = helper.run { _ in
                defer { handOver.close() }
                return try reader.read(known, handOver: handOver)
            }
            // What stands against writing makes reading end early without an error of its own.
            let count = try await replaced
            let result = try await outcome
            try Task.checkCancellation()
            return (result, count)
        } onCancel: {
            handOver.close()
        }
    }

    private static let pageBytes = 16_384
}

extension NumberBook {
    /// The numbers that a store has given to the pairs of a table.
    init(_ numbers: TableShape.Numbers, in database: Database) throws {
        guard numbers != .none else {
            self.init([])
            return
        }
        let second: String
        switch numbers {
        case .batches: second = "courseid, batchid"
        case .consents: second = "object_id, consumer_id"
        default: second = "context_id, ''"
        }
        self.init(
            try database.with("SELECT number, \(second) FROM \(numbers.rawValue)") { statement in
                var known: [(number: Int64, first: [UInt8], second: [UInt8])] = []
                while try statement.step() {
                    known.append(
                        (
                            statement.integer(0), statement.bytes(1).map(Array.init) ?? [],
                            statement.bytes(2).map(Array.init) ?? []
                        ))
                }
                return known
            })
    }
}
