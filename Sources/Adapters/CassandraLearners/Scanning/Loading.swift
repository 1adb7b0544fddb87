import CassandraAccess
import ReportModel
import ReportPorts
import SealedSpool

/// What one stream of a scan has at hand.
struct LoadingStream: ~Copyable {
    var writer: SpoolWriter
    var key = SpoolKey(group: 0)
    var fields = FieldWriter()
    var room: [UInt8] = []
}

/// Fills spools from tables: by a scan of the whole table, or from the partitions of the batches.
struct Loading: Sendable {
    let session: CassandraSession
    let groups: BatchGroups
    var streams = TableScan.defaultStreams
    let meter: ReadingMeter

    /// Enrolments keyed by user: one pass over the table for all batches together. For a single batch the server drops
    /// the others' rows.
    func scanEnrolments(_ table: String, _ shape: TableShape, _ fields: EnrolmentFields, into spool: Spool) async throws
    {
        var one = Narrowing()
        if groups.batches.count == 1, let batch = groups.batches.first {
            one = Narrowing("courseid = ? AND batchid = ?", [batch.collection, batch.batch])
        }
        try await scan(
            table, shape, ["userid", "courseid", "batchid"] + fields.columns, one, "read enrolments", into: spool
        ) { [groups] stream, row in
            guard let user = row.bytes(0), let course = row.bytes(1), let batch = row.bytes(2),
                let group = groups.group(collection: course, batch: batch, &stream.room)
            else { return }
            stream.add(group, user, row, fields)
        }
    }

    /// Enrolments keyed by batch: the partition of each batch.
    func readEnrolments(_ table: String, _ fields: EnrolmentFields, into spool: Spool) async throws {
        try await read(
            table, ["userid"] + fields.columns, keyedBy: ("batchid", "courseid"), "read enrolments", into: spool
        ) { stream, group, row in
            if let user = row.bytes(0) { stream.add(group, user, row, fields) }
        }
    }

    /// Aggregates: one pass over the table for all batches together.
    func scanAggregates(_ table: String, _ shape: TableShape, into spool: Spool) async throws {
        let fields = AggregateFields(shape, after: 3)
        let contexts = Set(groups.batches.map(\.batch))
        var one = Narrowing()
        if contexts.count == 1, let context = contexts.first { one = Narrowing("context_id = ?", ["cb:\(context)"]) }
        try await scan(
            table, shape, ["user_id", "context_id", "activity_id"] + fields.columns, one, "read aggregates", into: spool
        ) { [groups] stream, row in
            guard let user = row.bytes(0), let context = row.bytes(1).flatMap({ groups.context($0) }),
                let activity = row.bytes(2)
            else { return }
            stream.key.begin(group: context)
            stream.key.append(text: user)
            stream.key.append(text: activity)
            stream.add(fields.read(row))
        }
    }

    /// Attempts keyed by user: one pass over the table for all batches together.
    func scanAttempts(
        _ table: String, _ shape: TableShape, _ fields: AttemptFields, into spool: Spool
    ) async throws {
        var one = Narrowing()
        if groups.batches.count == 1, let batch = groups.batches.first {
            one = Narrowing("batch_id = ?", [batch.batch])
        }
        try await scan(
            table, shape, ["user_id", "course_id", "batch_id"] + fields.columns, one, "read attempts",
            firstPageRows: fields.firstPageRows, into: spool
        ) { [groups] stream, row in
            guard let user = row.bytes(0), let course = row.bytes(1), let batch = row.bytes(2),
                let group = groups.group(collection: course, batch: batch, &stream.room)
            else { return }
            stream.add(group, user, row, fields)
        }
    }

    /// Consents for `collections`, to whichever organisation: one pass over the table.
    func scanConsents(
        _ table: String, _ shape: TableShape, _ fields: ConsentFields, _ collections: IdentifierTable, into spool: Spool
    ) async throws {
        var one = Narrowing()
        if let collection = groups.batches.first?.collection, collections.count == 1 {
            one = Narrowing("object_id = ?", [collection])
        }
        try await scan(
            table, shape, ["user_id", "consumer_id", "object_id"] + fields.columns, one, "read consent", into: spool
        ) { stream, row in
            guard let user = row.bytes(0), let consumer = row.bytes(1),
                let collection = row.bytes(2).flatMap({ collections.index(of: $0) })
            else { return }
            stream.key.begin(group: UInt32(collection))
            stream.key.append(text: user)
            stream.key.append(text: consumer)
            fields.write(row, to: &stream.fields)
            stream.addFields()
        }
    }

    /// Attempts keyed by course: the rows of each batch.
    func readAttempts(_ table: String, _ fields: AttemptFields, into spool: Spool) async throws {
        try await read(
            table, ["user_id"] + fields.columns, keyedBy: ("batch_id", "course_id"), "read attempts",
            firstPageRows: fields.firstPageRows, into: spool
        ) { stream, group, row in
            if let user = row.bytes(0) { stream.add(group, user, row, fields) }
        }
    }

    /// What the server drops of a scan, where all batches have it in common.
    private struct Narrowing {
        var condition = ""
        var values: [QueryValue] = []

        init() {}

        init(_ condition: String, _ values: [String]) {
            self.condition = condition + " AND "
            self.values = values.map { .text(Array($0.utf8)) }
        }
    }

    /// One pass over a table; `add` puts what is wanted of a row into the spool.
    private func scan(
        _ table: String, _ shape: TableShape, _ columns: [String], _ one: Narrowing, _ what: String,
        firstPageRows: Int = TableScan.pageRows, into spool: Spool,
        add: @escaping @Sendable (inout LoadingStream, CassandraRow) -> Void
    ) async throws {
        let query =
            "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(one.condition)"
            + TableScan.condition(shape.partitionKey) + (one.values.isEmpty ? "" : " ALLOW FILTERING")
        let scan = TableScan(
            session: session, query: try await session.prepare(query, what), values: one.values, what: what,
            streams: streams, firstPageRows: firstPageRows, meter: meter)
        try await scan.run {
            LoadingStream(writer: spool.writer())
        } _: { stream, page in
            page.forEachRow { add(&stream, $0) }
            try await stream.writer.flushIfFull()
        } end: { stream in
            try await stream.finish()
        }
    }

    /// The rows of each batch, from a table whose key begins with these two columns; `add` puts them into the spool.
    private func read(
        _ table: String, _ columns: [String], keyedBy key: (batch: String, collection: String), _ what: String,
        firstPageRows: Int = TableScan.pageRows, into spool: Spool,
        add: @escaping @Sendable (inout LoadingStream, UInt32, CassandraRow) -> Void
    ) async throws {
        let query = try await session.prepare(
            "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(key.batch) = ? AND \(key.collection) = ?",
            what)
        try await forEachBatch { [session] batch, group in
            var stream = LoadingStream(writer: spool.writer())
            var pages = try session.pages(
                of: query, [.text(Array(batch.batch.utf8)), .text(Array(batch.collection.utf8))],
                pageRows: TableScan.pageRows, firstPageRows: firstPageRows, what)
            while let page = try await pages.next() {
                page.forEachRow { add(&stream, group, $0) }
                try await stream.writer.flushIfFull()
            }
            try await stream.finish()
        }
    }

    /// Some batches at once, as many as a scan has streams.
    private func forEachBatch(
        _ body: @escaping @Sendable (BatchKey, UInt32) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, batch) in groups.batches.enumerated() {
                if number >= streams { try await group.next() }
                group.addTask { try await body(batch, UInt32(number)) }
            }
            try await group.waitForAll()
        }
    }
}

extension LoadingStream {
    fileprivate mutating func add(
        _ group: UInt32, _ user: UnsafeRawBufferPointer, _ row: CassandraRow, _ columns: EnrolmentFields
    ) {
        key.begin(group: group)
        key.append(text: user)
        columns.write(row, to: &fields)
        addFields()
    }

    fileprivate mutating func add(
        _ group: UInt32, _ user: UnsafeRawBufferPointer, _ row: CassandraRow, _ columns: AttemptFields
    ) {
        columns.write(row, to: &fields)
        columns.write(row, group: group, user: user, to: &key)
        addFields()
    }

    fileprivate mutating func add(_ numbers: (completedCount: Double?, timeSpent: Double?)) {
        let bits = [numbers.completedCount ?? .nan, numbers.timeSpent ?? .nan]
        bits.withUnsafeBytes { writer.append(key, $0) }
    }

    /// Adds what was written to `key` and `fields`.
    fileprivate mutating func addFields() { fields.bytes.withUnsafeBytes { writer.append(key, $0) } }

    fileprivate consuming func finish() async throws { try await writer.finish() }
}
