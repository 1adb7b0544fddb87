import CassandraAccess
import ReportModel
import SealedSpool

/// What one stream of a scan has at hand.
struct LoadingStream: ~Copyable {
    var writer: SpoolWriter
    var fields = FieldWriter()
    var room: [UInt8] = []
}

/// Fills spools from tables: by a scan of the whole table, or from the partitions of the batches.
struct Loading: Sendable {
    let session: CassandraSession
    let groups: BatchGroups
    var streams = TableScan.defaultStreams

    /// Enrolments keyed by user: one pass over the table for all batches together. For a single batch the server drops
    /// the others' rows.
    func scanEnrolments(_ table: String, _ shape: TableShape, _ fields: EnrolmentFields, into spool: Spool) async throws
    {
        var query =
            "SELECT \((["userid", "courseid", "batchid"] + fields.columns).joined(separator: ", ")) FROM \(table) WHERE "
        var values: [QueryValue] = []
        if groups.batches.count == 1, let batch = groups.batches.first {
            query += "courseid = ? AND batchid = ? AND "
            values = [.text(Array(batch.collection.utf8)), .text(Array(batch.batch.utf8))]
        }
        query += TableScan.condition(shape.partitionKey) + (values.isEmpty ? "" : " ALLOW FILTERING")
        let scan = TableScan(
            session: session, query: try await session.prepare(query, "read enrolments"), values: values,
            what: "read enrolments", streams: streams)
        try await scan.run {
            LoadingStream(writer: spool.writer())
        } _: { [groups] stream, page in
            page.forEachRow { row in
                guard let user = row.bytes(0), let course = row.bytes(1), let batch = row.bytes(2),
                    let group = groups.group(collection: course, batch: batch, &stream.room)
                else { return }
                stream.add(group, user, row, fields)
            }
            try await stream.writer.flushIfFull()
        } end: { stream in
            try await stream.finish()
        }
    }

    /// Enrolments keyed by batch: the partition of each batch.
    func readEnrolments(_ table: String, _ fields: EnrolmentFields, into spool: Spool) async throws {
        let query = try await session.prepare(
            "SELECT \((["userid"] + fields.columns).joined(separator: ", ")) FROM \(table) "
                + "WHERE batchid = ? AND courseid = ?", "read enrolments")
        try await forEachBatch { [session] batch, group in
            var stream = LoadingStream(writer: spool.writer())
            var pages = try session.pages(
                of: query, [.text(Array(batch.batch.utf8)), .text(Array(batch.collection.utf8))],
                pageRows: TableScan.pageRows, "read enrolments")
            while let page = try await pages.next() {
                page.forEachRow { row in
                    if let user = row.bytes(0) { stream.add(group, user, row, fields) }
                }
                try await stream.writer.flushIfFull()
            }
            try await stream.finish()
        }
    }

    /// Aggregates: one pass over the table for all batches together.
    func scanAggregates(_ table: String, _ shape: TableShape, into spool: Spool) async throws {
        let fields = AggregateFields(shape, after: 3)
        var query =
            "SELECT \((["user_id", "context_id", "activity_id"] + fields.columns).joined(separator: ", ")) FROM \(table) WHERE "
        var values: [QueryValue] = []
        let contexts = Set(groups.batches.map(\.batch))
        if contexts.count == 1, let context = contexts.first {
            query += "context_id = ? AND "
            values = [.text(Array("cb:\(context)".utf8))]
        }
        query += TableScan.condition(shape.partitionKey) + (values.isEmpty ? "" : " ALLOW FILTERING")
        let scan = TableScan(
            session: session, query: try await session.prepare(query, "read aggregates"), values: values,
            what: "read aggregates", streams: streams)
        try await scan.run {
            LoadingStream(writer: spool.writer())
        } _: { [groups] stream, page in
            page.forEachRow { row in
                guard let user = row.bytes(0), let context = row.bytes(1).flatMap({ groups.context($0) }),
                    let activity = row.bytes(2)
                else { return }
                var key = SpoolKey(group: context)
                key.append(text: user)
                key.append(text: activity)
                stream.add(key, fields.read(row))
            }
            try await stream.writer.flushIfFull()
        } end: { stream in
            try await stream.finish()
        }
    }

    /// Attempts keyed by user: one pass over the table for all batches together.
    func scanAttempts(
        _ table: String, _ shape: TableShape, _ questionFields: [String], into spool: Spool
    ) async throws {
        let fields = AttemptFields(shape, question: questionFields, after: 3)
        var query =
            "SELECT \((["user_id", "course_id", "batch_id"] + fields.columns).joined(separator: ", ")) FROM \(table) WHERE "
        var values: [QueryValue] = []
        if groups.batches.count == 1, let batch = groups.batches.first {
            query += "batch_id = ? AND "
            values = [.text(Array(batch.batch.utf8))]
        }
        query += TableScan.condition(shape.partitionKey) + (values.isEmpty ? "" : " ALLOW FILTERING")
        let scan = TableScan(
            session: session, query: try await session.prepare(query, "read attempts"), values: values,
            what: "read attempts", streams: streams, firstPageRows: TableScan.firstAttempts)
        try await scan.run {
            LoadingStream(writer: spool.writer())
        } _: { [groups] stream, page in
            page.forEachRow { row in
                guard let user = row.bytes(0), let course = row.bytes(1), let batch = row.bytes(2),
                    let group = groups.group(collection: course, batch: batch, &stream.room)
                else { return }
                stream.add(group, user, row, fields)
            }
            try await stream.writer.flushIfFull()
        } end: { stream in
            try await stream.finish()
        }
    }

    /// Attempts keyed by course: the rows of each batch.
    func readAttempts(_ table: String, _ shape: TableShape, _ questionFields: [String], into spool: Spool) async throws
    {
        let fields = AttemptFields(shape, question: questionFields, after: 1)
        let query = try await session.prepare(
            "SELECT \((["user_id"] + fields.columns).joined(separator: ", ")) FROM \(table) "
                + "WHERE course_id = ? AND batch_id = ?", "read attempts")
        try await forEachBatch { [session] batch, group in
            var stream = LoadingStream(writer: spool.writer())
            var pages = try session.pages(
                of: query, [.text(Array(batch.collection.utf8)), .text(Array(batch.batch.utf8))],
                pageRows: TableScan.pageRows, firstPageRows: TableScan.firstAttempts, "read attempts")
            while let page = try await pages.next() {
                page.forEachRow { row in
                    if let user = row.bytes(0) { stream.add(group, user, row, fields) }
                }
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
        var key = SpoolKey(group: group)
        key.append(text: user)
        columns.write(row, to: &fields)
        fields.bytes.withUnsafeBytes { writer.append(key, $0) }
    }

    fileprivate mutating func add(
        _ group: UInt32, _ user: UnsafeRawBufferPointer, _ row: CassandraRow, _ columns: AttemptFields
    ) {
        columns.write(row, to: &fields)
        let key = columns.key(row, group: group, user: user)
        fields.bytes.withUnsafeBytes { writer.append(key, $0) }
    }

    fileprivate mutating func add(_ key: SpoolKey, _ numbers: (completedCount: Double?, timeSpent: Double?)) {
        let bits = [numbers.completedCount ?? .nan, numbers.timeSpent ?? .nan]
        bits.withUnsafeBytes { writer.append(key, $0) }
    }

    fileprivate consuming func finish() async throws { try await writer.finish() }
}
