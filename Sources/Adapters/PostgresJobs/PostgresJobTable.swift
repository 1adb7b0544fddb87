import JobLifecycle
import PostgresAccess
import ReportModel

/// The tables of a job store through one connection, inside a transaction that the caller began. What it has loaded is
/// locked until the end of the transaction, so that it need not be read again.
final class PostgresJobTable: JobTable {
    /// Leases and back-offs that one transaction takes back; the rest is the next one's.
    static let sweepLimit = 64

    let connection: PostgresConnection
    let sql: JobSQL
    private var known: [RequestKey: Known] = [:]
    /// What was asked for ahead, in one round trip.
    var ahead: Ahead?
    /// The row and run that were written last, by which it can be told whether the transaction took place.
    private(set) var lastSaved: (request: JobRequest, run: JobRun?)?

    /// A row and its run, with their cells as they are stored.
    private struct Known {
        var request: JobRequest?
        var requestCells: [PostgresValue] = []
        var run: JobRun?
        var runCells: [PostgresValue] = []
    }

    /// Whether waiting requests that it answers are taken; not in a transaction that only reads.
    let locks: Bool
    /// Whether each row is written at once, so that an error is known to be of that row.
    private let writesSingly: Bool

    init(_ connection: PostgresConnection, _ sql: JobSQL, locks: Bool = true, writesSingly: Bool = false) {
        self.connection = connection
        self.sql = sql
        self.locks = locks
        self.writesSingly = writesSingly
    }

    /// Unless rows are written singly, an error can be of one that was written before.
    func isFaultOfRow(_ error: ExhaustError) -> Bool { writesSingly && error.isFaultOfOneRow }

    func load(_ key: RequestKey) throws -> (request: JobRequest, run: JobRun?)? {
        if known[key] == nil { try take(try connection.pipeline(lockStatements(key)), key) }
        guard let found = known[key], let request = found.request else { return nil }
        return (request, found.run)
    }

    func loadOrphan(_ key: RequestKey) throws -> JobRun? {
        _ = try load(key)
        return known[key]?.run
    }

    /// First the request, then the run, each as it is once it is locked.
    func lockStatements(_ key: RequestKey) -> [PostgresStatement] {
        let parameters: [PostgresValue] = [.text(key.tag), .text(key.requestID)]
        return [PostgresStatement(sql.lockRequest, parameters), PostgresStatement(sql.lockRun, parameters)]
    }

    /// Notes what the lock statements of a key gave.
    func take(_ rows: [PostgresRows], _ key: RequestKey) throws {
        var found = Known()
        if rows[0].count > 0 {
            let request = RequestCells.read(rows[0], 0)
            found.request = request
            found.requestCells = sql.cells.values(of: request)
        }
        if rows[1].count > 0, let run = try RunCells.read(rows[1], 0, from: 0, of: key) {
            found.run = run
            let blank = JobRequest(
                tag: key.tag, requestID: key.requestID, reportID: "", requestData: "", requestedBy: "",
                requestedChannel: "", submittedAt: Timestamp(milliseconds: 0))
            // The stored share key can be of a row that another program has changed since.
            let shareKey = PostgresValue(rows[1].text(0, RunCells.shareKeyPlace))
            found.runCells = try RunCells.values(of: run, found.request ?? blank).dropLast() + [shareKey]
        }
        known[key] = found
    }

    func save(_ request: JobRequest, _ run: JobRun?) throws {
        let key = request.key
        var now = known[key] ?? Known()
        let cells = sql.cells.values(of: request)
        if now.request == nil {
            try sql.cells.check(cells, Array(cells.indices))
            connection.later(sql.insertRequest, cells)
        } else {
            let places = Self.changed(now.requestCells, cells)
            try sql.cells.check(cells, places)
            write(places, cells, key, sql.updateRequest)
        }
        now.request = request
        now.requestCells = cells
        if let run {
            let cells = try RunCells.values(of: run, request)
            if now.run == nil {
                connection.later(sql.insertRun, cells)
            } else {
                write(Self.changed(now.runCells, cells), cells, key, sql.updateRun)
            }
            now.run = run
            now.runCells = cells
        }
        lastSaved = (request, now.run)
        known[key] = now
        ahead = nil
        if writesSingly { try connection.flush() }
    }

    private static func changed(
        _ old: [PostgresValue], _ new: [PostgresValue]
    ) -> [Int] {
        new.indices.filter { old[$0] != new[$0] }
    }

    private func write(
        _ places: [Int], _ new: [PostgresValue], _ key: RequestKey, _ update: ([Int]) -> String
    ) {
        if places.isEmpty { return }
        connection.later(update(places), [.text(key.tag), .text(key.requestID)] + places.map { new[$0] })
    }

    func releaseOrphan(_ key: RequestKey) throws {
        connection.later(sql.releaseOrphan, [.text(key.tag), .text(key.requestID)])
        known[key]?.run?.owner = nil
        known[key]?.run?.leasedUntil = nil
        ahead = nil
    }

    func endedLeases(at now: Timestamp) throws -> [RequestKey] {
        if let ahead { return ahead.endedLeases }
        return try connection.pipeline(endedLeaseStatements(now)).flatMap(Self.keys)
    }

    func endedLeaseStatements(_ now: Timestamp) -> [PostgresStatement] {
        [sql.endedLeases, sql.endedOrphans].map { dueStatement($0, now) }
    }

    func dueStatement(_ text: String, _ now: Timestamp) -> PostgresStatement {
        PostgresStatement(text, [.integer(now.milliseconds), .integer(Int64(Self.sweepLimit))])
    }

    func endedBackOffs(at now: Timestamp) throws -> [RequestKey] {
        if let ahead { return ahead.endedBackOffs }
        return try connection.pipeline([dueStatement(sql.endedBackOffs, now)]).flatMap(Self.keys)
    }

    func addFinished(_ batch: FinishedBatch, forgettingBefore moment: Timestamp) throws {
        connection.later(sql.forgetFinished, [.integer(moment.milliseconds)])
        connection.later(
            sql.addFinished, [.text(batch.channel), .integer(batch.at.milliseconds), .integer(batch.bytes)])
    }

    func nextDue() throws -> Timestamp? {
        try connection.query(sql.nextDue).integer(0, 0).map(Timestamp.init(milliseconds:))
    }

    static func keys(_ rows: PostgresRows) -> [RequestKey] {
        (0..<rows.count).map { RequestKey(tag: rows.text($0, 0) ?? "", requestID: rows.text($0, 1) ?? "") }
    }
}
