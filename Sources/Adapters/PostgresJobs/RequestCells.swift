import JobLifecycle
import PostgresAccess
import ReportModel

/// The seventeen columns of `job_request`, read as any program may have left them. Only what changed is written, so that
/// what other programs wrote stays to the letter where it is none of ours to change.
struct RequestCells: Sendable {
    let shape: RequestShape

    /// The columns, read as text.
    static let names = RequestShape.names.map { "r.\($0)::text" }.joined(separator: ", ")
    static let count = RequestShape.names.count

    /// The request in the columns from `first` on.
    static func read(_ rows: PostgresRows, _ row: Int, from first: Int = 0) -> JobRequest {
        func text(_ column: Int) -> String? { rows.text(row, first + column) }
        func time(_ column: Int) -> Timestamp? { text(column).flatMap { Timestamp($0) } }
        var request = JobRequest(
            tag: text(0) ?? "", requestID: text(1) ?? "", reportID: text(2) ?? "", requestData: text(4) ?? "",
            requestedBy: text(5) ?? "", requestedChannel: text(6) ?? "",
            submittedAt: time(7) ?? Timestamp(milliseconds: 0))
        request.downloadPaths = text(8).map(ArrayText.elements(of:)) ?? []
        request.fileCreatedAt = time(9)
        request.completedAt = time(10)
        request.executionMilliseconds = rows.integer(row, first + 11)
        request.errorMessage = text(12)
        request.iteration = Int(clamping: rows.integer(row, first + 13) ?? 0)
        request.encryptionKey = text(14)
        request.batchNumber = rows.integer(row, first + 15).map { Int(clamping: $0) }
        request.processedBatches = text(16).map(ProcessedBatch.list(from:)) ?? []
        request.readStatus(text(3))
        return request
    }

    /// What the columns are to hold, in their order.
    func values(of request: JobRequest) -> [PostgresValue] {
        [
            .text(request.tag), .text(request.requestID), .text(request.reportID), .text(request.status.rawValue),
            .text(request.requestData), .text(request.requestedBy), .text(request.requestedChannel),
            .text(Self.text(of: request.submittedAt)),
            request.downloadPaths.isEmpty ? .null : .texts(request.downloadPaths),
            PostgresValue(request.fileCreatedAt.map(Self.text(of:))),
            PostgresValue(request.completedAt.map(Self.text(of:))),
            PostgresValue(request.executionMilliseconds.map(executionTime)),
            PostgresValue(
                request.errorMessage.map { StatusText.abbreviated($0, to: shape.width("err_message") ?? .max) }),
            .integer(Int64(request.iteration)), PostgresValue(request.encryptionKey),
            PostgresValue(request.batchNumber.map(Int64.init)),
            request.processedBatches.isEmpty ? .null : .text(ProcessedBatch.text(of: request.processedBatches)),
        ]
    }

    /// Columns that hold what a requester sent or is.
    private static let sent: Set<String> = [
        "tag", "request_id", "job_id", "requested_by", "requested_channel",
    ]

    /// Throws `invalidInput` naming the column if a text of `cells` is longer than its column; only of those at `places`.
    func check(_ cells: [PostgresValue], _ places: [Int]) throws {
        for place in places {
            let column = RequestShape.names[place]
            guard case .text(let text) = cells[place], let width = shape.width(column) else { continue }
            let count = text.unicodeScalars.count
            if count <= width { continue }
            let isSent = Self.sent.contains(column)
            throw ExhaustError(
                .invalidInput,
                "\(column): \(count) characters; the table has room for \(width)",
                remedy: isSent
                    ? "Shorten it."
                    : "Widen the column: ALTER TABLE … ALTER COLUMN \(column) TYPE varchar(\(count)).",
                mender: isSent ? .requester : .operator)
        }
    }

    private func executionTime(_ milliseconds: Int64) -> Int64 {
        shape.isNarrowInteger("execution_time") ? Int64(Int32(clamping: milliseconds)) : milliseconds
    }

    /// `2022-09-27 07:26:12.845`, UTC.
    static func text(of time: Timestamp) -> String {
        time.iso8601.replacing("T", with: " ").replacing("Z", with: "")
    }
}
