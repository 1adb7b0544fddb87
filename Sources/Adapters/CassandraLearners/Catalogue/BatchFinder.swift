import CassandraAccess
import ReportModel
import ReportPorts

/// Finds the collections of batches that are known by their ids alone: the table is keyed by collection, so that it has to
/// be scanned (upstream.md 1.4). What a scan found is remembered.
actor BatchFinder {
    /// A batch that was made meanwhile is found by a new scan, of which there is at most one in so many seconds.
    static let scanSeconds = 15.0

    private let source: CassandraSource
    private let clock: any ServiceClock
    private var collections: [String: [String]] = [:]
    private var scannedAt: Timestamp?
    private var scan: Task<[String: [String]], any Error>?

    init(_ source: CassandraSource, clock: any ServiceClock) {
        self.source = source
        self.clock = clock
    }

    /// The keys of the batches with these ids; unknown ids are passed over.
    func batches(ids: Set<String>) async throws -> [BatchKey] {
        if !ids.allSatisfy({ collections[$0] != nil }) { try await rememberAll() }
        return ids.sorted().flatMap { id in
            (collections[id] ?? []).map { BatchKey(collection: $0, batch: id) }
        }
    }

    private func rememberAll() async throws {
        if let scannedAt, clock.now().seconds(since: scannedAt) < Self.scanSeconds { return }
        // Shared by all who ask meanwhile; it is no child of the first of them.
        let task = scan ?? Task { [source] in try await Self.scan(source) }
        scan = task
        defer { scan = nil }
        collections = try await task.value
        scannedAt = clock.now()
    }

    private static func scan(_ source: CassandraSource) async throws -> [String: [String]] {
        let opened = try await source.opened()
        let table = source.keyspaces.batches
        let shape = try CassandraSource.table(table, in: opened.schema, columns: ["courseid", "batchid"])
        let query = try await opened.session.prepare(
            "SELECT courseid, batchid FROM \(table) WHERE \(TableScan.condition(shape.partitionKey))", "find batches")
        let found = FoundBatches()
        let scan = TableScan(session: opened.session, query: query, values: [], what: "find batches")
        try await scan.run {
            BatchRows()
        } _: { rows, page in
            page.forEachRow { rows.keys.append(BatchKey(collection: $0.text(0), batch: $0.text(1))) }
        } end: { rows in
            await found.add(rows.keys)
        }
        return await found.collections.mapValues { $0.sorted() }
    }
}

private struct BatchRows: ~Copyable {
    var keys: [BatchKey] = []
}

private actor FoundBatches {
    private(set) var collections: [String: Set<String>] = [:]

    func add(_ keys: [BatchKey]) { for key in keys { collections[key.batch, default: []].insert(key.collection) } }
}
