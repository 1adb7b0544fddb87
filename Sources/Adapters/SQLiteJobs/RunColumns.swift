import JobLifecycle
import ReportModel
import SQLiteAccess

/// The columns of `job_run`, which only we write.
enum RunColumns {
    static let names = """
        n.layout, n.sealed_password, n.password_hash, n.fencing, n.owner, n.leased_until, n.lost_leases, \
        n.not_before, n.will_retry, n.cancel_wished, n.first_leased_at, n.fresh_since, n.sealed_run_key, \
        n.data_version, n.learners_done, n.learners_expected, n.row_count, n.publishing, n.files, n.receipt, \
        n.failure, n.shared_tag, n.shared_request_id, n.question, n.stretches_done, n.stretches_expected
        """

    static let upsert = """
        INSERT OR REPLACE INTO job_run (
            tag, request_id, layout, sealed_password, password_hash, fencing, owner, leased_until, lost_leases,
            not_before, will_retry, cancel_wished, first_leased_at, fresh_since, sealed_run_key, data_version,
            learners_done, learners_expected, row_count, publishing, files, receipt, failure, shared_tag,
            shared_request_id, share_key, question, stretches_done, stretches_expected
        ) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """

    /// The run in the columns from `first` on; nil where the outer join found none.
    /// Throws `dataDamaged` for JSON of ours that cannot be read.
    static func read(_ row: Statement, from first: Int, of key: RequestKey) throws -> JobRun? {
        guard let passwordHash = row.text(first + 2) else { return nil }
        var run = JobRun(
            layout: row.text(first).flatMap(ReportLayout.init(rawValue:)), sealedPassword: row.blob(first + 1),
            passwordHash: passwordHash)
        run.fencing = row.integer(first + 3)
        run.owner = row.text(first + 4)
        run.leasedUntil = timestamp(row, first + 5)
        run.lostLeases = Int(row.integer(first + 6))
        run.notBefore = timestamp(row, first + 7)
        run.willRetry = row.integer(first + 8) != 0
        run.cancelWished = row.integer(first + 9) != 0
        run.firstLeasedAt = timestamp(row, first + 10)
        run.freshSince = timestamp(row, first + 11)
        run.sealedRunKey = row.blob(first + 12)
        run.dataVersion = row.text(first + 13)
        run.progress = RunProgress(
            learnersDone: Int(row.integer(first + 14)), learnersExpected: Int(row.integer(first + 15)),
            rows: Int(row.integer(first + 16)), stretchesDone: Int(row.integer(first + 24)),
            stretchesExpected: Int(row.integer(first + 25)))
        run.receipt = row.text(first + 19)
        if let tag = row.text(first + 21), let requestID = row.text(first + 22) {
            run.sharedWith = RequestKey(tag: tag, requestID: requestID)
        }
        run.question = row.text(first + 23)
        do {
            run.publishing = try RunJSON.stagedFiles(row.text(first + 17) ?? "[]")
            try RunJSON.readFiles(row.text(first + 18) ?? "[]", into: &run)
            run.failure = try row.text(first + 20).map(RunJSON.failure)
        } catch {
            throw ExhaustError(
                .dataDamaged, "run of request \(key.requestID): its JSON cannot be read",
                remedy: "Restore a backup of jobs.db, or delete the request's row of job_run.", mender: .operator,
                cause: error)
        }
        return run
    }

    static func bind(_ run: JobRun, of request: JobRequest, to statement: Statement) throws {
        try statement.bind(1, request.tag)
        try statement.bind(2, request.requestID)
        try statement.bind(3, run.layout?.rawValue)
        try statement.bind(4, blob: run.sealedPassword)
        try statement.bind(5, run.passwordHash)
        try statement.bind(6, run.fencing)
        try statement.bind(7, run.owner)
        try statement.bind(8, run.leasedUntil?.milliseconds)
        try statement.bind(9, run.lostLeases)
        try statement.bind(10, run.notBefore?.milliseconds)
        try statement.bind(11, run.willRetry ? 1 : 0)
        try statement.bind(12, run.cancelWished ? 1 : 0)
        try statement.bind(13, run.firstLeasedAt?.milliseconds)
        try statement.bind(14, run.freshSince?.milliseconds)
        try statement.bind(15, blob: run.sealedRunKey)
        try statement.bind(16, run.dataVersion)
        try statement.bind(17, run.progress.learnersDone)
        try statement.bind(18, run.progress.learnersExpected)
        try statement.bind(19, run.progress.rows)
        try statement.bind(20, RunJSON.text(of: run.publishing))
        try statement.bind(21, RunJSON.filesText(of: run))
        try statement.bind(22, run.receipt)
        try statement.bind(23, run.failure.map(RunJSON.text(of:)))
        try statement.bind(24, run.sharedWith?.tag)
        try statement.bind(25, run.sharedWith?.requestID)
        try statement.bind(26, try ShareKey(of: request, run: run)?.text)
        try statement.bind(27, run.question)
        try statement.bind(28, run.progress.stretchesDone)
        try statement.bind(29, run.progress.stretchesExpected)
    }

    static func timestamp(_ row: Statement, _ column: Int) -> Timestamp? {
        row.optionalInteger(column).map(Timestamp.init(milliseconds:))
    }
}
