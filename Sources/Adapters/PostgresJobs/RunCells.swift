import JobLifecycle
import PostgresAccess
import ReportModel

/// The columns of `job_run`, which only we write. Times are milliseconds since 1970.
enum RunCells {
    /// Names and types, in the order of `values`; the key and `share_key` frame what a run holds.
    static let columns: [(name: String, type: String)] = [
        ("tag", "text"), ("request_id", "text"), ("layout", "text"), ("sealed_password", "bytea"),
        ("password_hash", "text"), ("fencing", "bigint"), ("owner", "text"), ("leased_until", "bigint"),
        ("lost_leases", "integer"), ("not_before", "bigint"), ("will_retry", "boolean"),
        ("cancel_wished", "boolean"), ("first_leased_at", "bigint"), ("fresh_since", "bigint"),
        ("sealed_run_key", "bytea"), ("data_version", "text"), ("learners_done", "bigint"),
        ("learners_expected", "bigint"), ("row_count", "bigint"), ("publishing", "text"), ("files", "text"),
        ("receipt", "text"), ("failure", "text"), ("shared_tag", "text"), ("shared_request_id", "text"),
        ("question", "text"), ("stretches_done", "bigint"), ("stretches_expected", "bigint"), ("share_key", "text"),
    ]
    /// What is read of them: all but the key.
    static let names = columns[2...].map { "n.\($0.name)" }.joined(separator: ", ")
    /// Among `names`.
    static let shareKeyPlace = columns.count - 3

    /// The run in the columns from `first` on; nil where an outer join found none.
    /// Throws `dataDamaged` for JSON of ours that cannot be read.
    static func read(_ rows: PostgresRows, _ row: Int, from first: Int, of key: RequestKey) throws -> JobRun? {
        func text(_ column: Int) -> String? { rows.text(row, first + column) }
        func integer(_ column: Int) -> Int64? { rows.integer(row, first + column) }
        func time(_ column: Int) -> Timestamp? { integer(column).map(Timestamp.init(milliseconds:)) }
        guard let passwordHash = text(2) else { return nil }
        var run = JobRun(
            layout: text(0).flatMap(ReportLayout.init(rawValue:)), sealedPassword: rows.bytes(row, first + 1),
            passwordHash: passwordHash)
        run.fencing = integer(3) ?? 0
        run.owner = text(4)
        run.leasedUntil = time(5)
        run.lostLeases = Int(integer(6) ?? 0)
        run.notBefore = time(7)
        run.willRetry = rows.bool(row, first + 8)
        run.cancelWished = rows.bool(row, first + 9)
        run.firstLeasedAt = time(10)
        run.freshSince = time(11)
        run.sealedRunKey = rows.bytes(row, first + 12)
        run.dataVersion = text(13)
        run.progress = RunProgress(
            learnersDone: Int(integer(14) ?? 0), learnersExpected: Int(integer(15) ?? 0), rows: Int(integer(16) ?? 0),
            stretchesDone: Int(integer(24) ?? 0), stretchesExpected: Int(integer(25) ?? 0))
        run.receipt = text(19)
        if let tag = text(21), let requestID = text(22) { run.sharedWith = RequestKey(tag: tag, requestID: requestID) }
        run.question = text(23)
        do {
            run.publishing = try RunJSON.stagedFiles(text(17) ?? "[]")
            try RunJSON.readFiles(text(18) ?? "[]", into: &run)
            run.failure = try text(20).map(RunJSON.failure)
        } catch {
            throw ExhaustError(
                .dataDamaged, "run of request \(key.requestID): its JSON cannot be read",
                remedy: "Delete the request's row of job_run.", mender: .operator, cause: error)
        }
        return run
    }

    static func values(of run: JobRun, _ request: JobRequest) throws -> [PostgresValue] {
        let shareKey = try ShareKey(of: request, run: run)
        return [
            .text(request.tag), .text(request.requestID), PostgresValue(run.layout?.rawValue),
            PostgresValue(run.sealedPassword), .text(run.passwordHash), .integer(run.fencing),
            PostgresValue(run.owner), PostgresValue(run.leasedUntil?.milliseconds), .integer(Int64(run.lostLeases)),
            PostgresValue(run.notBefore?.milliseconds), .bool(run.willRetry), .bool(run.cancelWished),
            PostgresValue(run.firstLeasedAt?.milliseconds), PostgresValue(run.freshSince?.milliseconds),
            PostgresValue(run.sealedRunKey), PostgresValue(run.dataVersion),
            .integer(Int64(run.progress.learnersDone)), .integer(Int64(run.progress.learnersExpected)),
            .integer(Int64(run.progress.rows)), .text(RunJSON.text(of: run.publishing)),
            .text(RunJSON.filesText(of: run)), PostgresValue(run.receipt),
            PostgresValue(run.failure.map(RunJSON.text(of:))), PostgresValue(run.sharedWith?.tag),
            PostgresValue(run.sharedWith?.requestID), PostgresValue(run.question),
            .integer(Int64(run.progress.stretchesDone)), .integer(Int64(run.progress.stretchesExpected)),
            PostgresValue(shareKey?.text),
        ]
    }
}
