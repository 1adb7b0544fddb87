import JobLifecycle
import PostgresAccess
import ReportModel

extension PostgresJobTable {
    typealias LiveRun = (channel: String, shareKey: ShareKey?, firstLeasedAt: Timestamp?)

    /// What a lease asks before it looks at single requests.
    struct Ahead {
        var endedLeases: [RequestKey]
        var endedBackOffs: [RequestKey]
        var liveRuns: [LiveRun]
        var channels: [WaitingChannel]
        var finished: [String: ChannelStanding]
    }

    /// Asks all of it in one round trip; good until something is written.
    func lookAhead(at now: Timestamp, windowStart: Timestamp, reports: Set<String>) throws {
        let rows = try connection.pipeline(
            endedLeaseStatements(now) + [
                dueStatement(sql.endedBackOffs, now), PostgresStatement(sql.liveRuns),
                PostgresStatement(sql.waitingChannels, [.texts(reports.sorted())]),
                PostgresStatement(sql.finishedBatches, [.integer(windowStart.milliseconds)]),
            ])
        ahead = Ahead(
            endedLeases: Self.keys(rows[0]) + Self.keys(rows[1]), endedBackOffs: Self.keys(rows[2]),
            liveRuns: Self.liveRuns(rows[3]), channels: Self.channels(rows[4]), finished: Self.standings(rows[5]))
    }

    func liveRuns() throws -> [LiveRun] {
        if let ahead { return ahead.liveRuns }
        return Self.liveRuns(try connection.query(sql.liveRuns))
    }

    func waitingChannels(reports: Set<String>) throws -> [WaitingChannel] {
        if let ahead { return ahead.channels }
        return Self.channels(try connection.query(sql.waitingChannels, [.texts(reports.sorted())]))
    }

    func finishedBatches(after moment: Timestamp) throws -> [String: ChannelStanding] {
        if let ahead { return ahead.finished }
        return Self.standings(try connection.query(sql.finishedBatches, [.integer(moment.milliseconds)]))
    }

    /// Waiting requests of one report and channel that one look for work goes through at the most: so many would have to be
    /// held by others, or wait for others' outcomes.
    private static let widestLook = 65_536

    /// Locks what it answers. Several workers at the same moment see the same shares and so turn to the same channel, but
    /// each to another request; a channel can be ahead by as many requests as there are workers, for that moment.
    func oldestWaiting(
        in channel: String, reports: Set<String>, at now: Timestamp, mayLease: (WaitingRequest) -> Bool
    ) throws -> WaitingRequest? {
        // Most often it is the first one, or one of the first while others hold those.
        var (seen, page, width) = (0, 1, 16)
        let names = PostgresValue.texts(reports.sorted())
        while true {
            let rows = try connection.query(
                sql.oldestWaiting(width: width, locked: locks),
                [
                    .text(channel), names, .integer(now.milliseconds), .integer(Int64(page)),
                    .integer(Int64(seen)),
                ])
            for row in 0..<rows.count {
                let candidate = Self.waiting(rows, row)
                if try mayLease(candidate) && (!locks || claimReadable(candidate, at: now)) { return candidate }
            }
            seen += rows.count
            if rows.count < page {
                let more = try connection.query(sql.areMoreWaiting(width: width), [.text(channel), names])
                guard more.bool(0, 0), width < Self.widestLook else { return nil }
                width *= 16
            }
            page = 32
        }
    }

    private func claimReadable(_ candidate: WaitingRequest, at now: Timestamp) throws -> Bool {
        do {
            return try claim(candidate, at: now)
        } catch let error as ExhaustError where isFaultOfRow(error) {
            throw RowFault(key: candidate.key, reason: error)
        }
    }

    /// Whether the request is really this transaction's to lease: it still waits, and nobody leases or has just leased an
    /// equal one.
    private func claim(_ candidate: WaitingRequest, at now: Timestamp) throws -> Bool {
        var statements = lockStatements(candidate.key)
        if let shareKey = candidate.shareKey {
            statements.append(PostgresStatement(sql.lockShareKey, [.text(shareKey.text)]))
            statements.append(PostgresStatement(sql.liveSharers, [.text(shareKey.text)]))
        }
        let rows = try connection.pipeline(statements)
        try take(rows, candidate.key)
        guard let (request, run) = try load(candidate.key), request.status == .submitted,
            try WaitingRequest(request, run: run, at: now) != nil
        else { return false }
        if candidate.shareKey == nil { return true }
        guard rows[2].bool(0, 0) else { return false }
        let leader = rows[3].integer(0, 1).map(Timestamp.init(milliseconds:))
        return rows[3].integer(0, 0) == 0
            || !ShareKey.follows(freshSince: candidate.freshSince, leaderLeasedAt: leader)
    }

    func allWaiting(at now: Timestamp, reports: Set<String>) throws -> [WaitingRequest] {
        let rows = try connection.query(sql.allWaiting, [.integer(now.milliseconds), .texts(reports.sorted())])
        return (0..<rows.count).map { Self.waiting(rows, $0) }
    }

    func sharers(of key: ShareKey) throws -> [RequestKey] {
        Self.keys(try connection.query(sql.sharers, [.text(key.text)]))
    }

    private static func waiting(_ rows: PostgresRows, _ row: Int) -> WaitingRequest {
        WaitingRequest(
            key: RequestKey(tag: rows.text(row, 0) ?? "", requestID: rows.text(row, 1) ?? ""),
            channel: rows.text(row, 2) ?? "", submittedAt: submission(rows, row, 3),
            shareKey: rows.text(row, 4).map(ShareKey.init(text:)),
            freshSince: rows.integer(row, 5).map(Timestamp.init(milliseconds:)))
    }

    private static func liveRuns(_ rows: PostgresRows) -> [LiveRun] {
        (0..<rows.count).map { row in
            (
                rows.text(row, 0) ?? "", rows.text(row, 1).map(ShareKey.init(text:)),
                rows.integer(row, 2).map(Timestamp.init(milliseconds:))
            )
        }
    }

    private static func channels(_ rows: PostgresRows) -> [WaitingChannel] {
        var oldest: [String: Timestamp] = [:]
        for row in 0..<rows.count {
            let (name, submitted) = (rows.text(row, 0) ?? "", submission(rows, row, 1))
            oldest[name] = min(oldest[name] ?? submitted, submitted)
        }
        return oldest.map { WaitingChannel(name: $0.key, oldest: $0.value) }
    }

    static func standings(_ rows: PostgresRows) -> [String: ChannelStanding] {
        var standings: [String: ChannelStanding] = [:]
        for row in 0..<rows.count {
            standings[rows.text(row, 0) ?? ""] = ChannelStanding(
                batches: Int(rows.integer(row, 1) ?? 0), bytes: rows.integer(row, 2) ?? 0)
        }
        return standings
    }

    /// When a row was submitted; a row without a time is older than all others, also to PostgreSQL.
    private static func submission(_ rows: PostgresRows, _ row: Int, _ column: Int) -> Timestamp {
        rows.text(row, column).flatMap { Timestamp($0) } ?? Timestamp(milliseconds: 0)
    }
}
