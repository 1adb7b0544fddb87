import JobLifecycle
import ReportModel
import SQLiteAccess

/// The seventeen columns of `job_request`, read as any program may have left them and written as we do.
enum RequestColumns {
    static let names = """
        r.tag, r.request_id, r.job_id, r.status, r.request_data, r.requested_by, r.requested_channel, \
        r.dt_job_submitted, r.download_urls, r.dt_file_created, r.dt_job_completed, r.execution_time, r.err_message, \
        r.iteration, r.encryption_key, r.batch_number, r.processed_batches
        """
    static let count = 17

    static let upsert = """
        INSERT INTO job_request (
            tag, request_id, job_id, status, request_data, requested_by, requested_channel, dt_job_submitted,
            download_urls, dt_file_created, dt_job_completed, execution_time, err_message, iteration, encryption_key,
            batch_number, processed_batches
        ) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        ON CONFLICT DO UPDATE SET
            job_id = excluded.job_id, status = excluded.status, request_data = excluded.request_data,
            requested_by = excluded.requested_by, requested_channel = excluded.requested_channel,
            dt_job_submitted = excluded.dt_job_submitted, download_urls = excluded.download_urls,
            dt_file_created = excluded.dt_file_created, dt_job_completed = excluded.dt_job_completed,
            execution_time = excluded.execution_time, err_message = excluded.err_message,
            iteration = excluded.iteration, encryption_key = excluded.encryption_key,
            batch_number = excluded.batch_number, processed_batches = excluded.processed_batches
        """

    static func read(_ row: Statement) -> JobRequest {
        var request = JobRequest(
            tag: row.text(0) ?? "", requestID: row.text(1) ?? "", reportID: row.text(2) ?? "",
            requestData: row.text(4) ?? "", requestedBy: row.text(5) ?? "", requestedChannel: row.text(6) ?? "",
            submittedAt: timestamp(row, 7) ?? Timestamp(milliseconds: 0))
        request.downloadPaths = texts(row.text(8))
        request.fileCreatedAt = timestamp(row, 9)
        request.completedAt = timestamp(row, 10)
        request.executionMilliseconds = row.optionalInteger(11)
        request.errorMessage = row.text(12)
        request.iteration = Int(clamping: row.integer(13))
        request.encryptionKey = row.text(14)
        request.batchNumber = row.optionalInteger(15).map { Int(clamping: $0) }
        request.processedBatches = row.text(16).map(ProcessedBatch.list(from:)) ?? []
        request.readStatus(row.text(3))
        return request
    }

    static func bind(_ request: JobRequest, to statement: Statement) throws {
        try statement.bind(1, request.tag)
        try statement.bind(2, request.requestID)
        try statement.bind(3, request.reportID)
        try statement.bind(4, request.status.rawValue)
        try statement.bind(5, request.requestData)
        try statement.bind(6, request.requestedBy)
        try statement.bind(7, request.requestedChannel)
        try statement.bind(8, text(of: request.submittedAt))
        try statement.bind(9, JSONValue.array(request.downloadPaths.map { .string($0) }).compactText)
        try statement.bind(10, request.fileCreatedAt.map(text(of:)))
        try statement.bind(11, request.completedAt.map(text(of:)))
        try statement.bind(12, request.executionMilliseconds)
        try statement.bind(13, request.errorMessage)
        try statement.bind(14, request.iteration)
        try statement.bind(15, request.encryptionKey)
        try statement.bind(16, request.batchNumber.map(Int64.init))
        try statement.bind(17, ProcessedBatch.text(of: request.processedBatches))
    }

    /// `2022-09-27 07:26:12.845`, UTC; text of this form sorts by time.
    static func text(of time: Timestamp) -> String {
        var bytes = Array(time.iso8601.utf8)
        if bytes.count == 24 {
            bytes[10] = UInt8(ascii: " ")
            bytes.removeLast()
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func timestamp(_ row: Statement, _ column: Int) -> Timestamp? {
        row.bytes(column).flatMap { Timestamp(parsing: $0) }
    }

    /// A JSON list of text; what is none counts as empty.
    private static func texts(_ json: String?) -> [String] {
        guard let json, json != "[]" else { return [] }
        do {
            return (try JSONValue(parsing: json).elements ?? []).compactMap(\.text)
        } catch {
            return []
        }
    }
}
