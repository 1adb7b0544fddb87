import JobLifecycle
import ReportModel

/// A request as the command line shows it.
struct RequestView: Sendable {
    let request: JobRequest
    let run: JobRun?
    var placeInLine: Int?

    init(request: JobRequest, run: JobRun?, placeInLine: Int? = nil) {
        self.request = request
        self.run = run
        self.placeInLine = placeInLine
    }

    /// What became of a submission, in words.
    static func text(of effect: SubmissionAnswer.Effect, _ request: JobRequest) -> String {
        switch effect {
        case .created: "filed"
        case .updated: "was filed before and waits; it takes the new password and layout"
        case .restarted: "filed again"
        case .unchanged:
            switch request.status {
            case .success: "is done already; --fresh makes it anew"
            case .processing: "is being worked on"
            default: "waits already"
            }
        }
    }

    /// Whether it was done, and its files have been removed since.
    var isExpired: Bool { request.status == .success && request.downloadPaths.isEmpty }

    /// Why it failed; nil unless it did. Row and run keep an older text until work begins again.
    var error: String? {
        guard request.status == .failed else { return nil }
        return run?.failure?.message ?? request.errorMessage
    }

    /// The state in words.
    var state: String {
        switch request.status {
        case .submitted:
            placeInLine.map { $0 == 0 ? "waits, next in line" : "waits, \($0) before it" } ?? "waits"
        case .processing:
            if let progress = run?.progress, progress.learnersExpected > 0 {
                "is being worked on: \(HumanText.count(progress.learnersDone)) of "
                    + "\(HumanText.count(progress.learnersExpected)) learners"
            } else if let progress = run?.progress, progress.stretchesExpected > 0 {
                "is reading the learner data: \(100 * progress.stretchesDone / progress.stretchesExpected) %"
            } else {
                "is being worked on"
            }
        case .success: isExpired ? "done, its files have expired" : "done"
        case .failed:
            if run?.willRetry != true {
                "failed"
            } else if run?.failure?.isOutage == true {
                "waits for an answer, will be tried again"
            } else {
                "failed, will be tried again"
            }
        case .cancelled: "cancelled"
        }
    }

    /// The request as a JSON object for programs; never holds a password.
    func json(effect: SubmissionAnswer.Effect? = nil) throws -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("requestId", .string(request.requestID)), .init("tag", .string(request.tag)),
            .init("report", .string(request.reportID)), .init("status", .string(request.status.rawValue)),
            .init("requestedBy", .string(request.requestedBy)), .init("channel", .string(request.requestedChannel)),
            .init("datasetConfig", try JSONValue(parsing: request.requestData)),
            .init("submittedAt", .string(request.submittedAt.iso8601)),
            .init("completedAt", request.completedAt.map { .string($0.iso8601) } ?? .null),
            .init("executionMilliseconds", request.executionMilliseconds.map(JSONValue.integer) ?? .null),
            .init("attempts", .integer(request.iteration)),
            .init("files", .array((run?.files ?? []).map(Self.json))),
            .init("expired", .bool(isExpired)),
            .init("error", error.map(JSONValue.string) ?? .null),
        ]
        if let effect { members.append(.init("effect", .string("\(effect)"))) }
        if let placeInLine { members.append(.init("placeInLine", .integer(placeInLine))) }
        if request.status == .failed, let failure = run?.failure {
            members += [
                .init("errorCode", .string(failure.code)), .init("remedy", .string(failure.remedy)),
                .init("canBeMendedBy", .string(failure.mender.rawValue)),
            ]
        }
        if let run {
            members += [
                .init("willRetry", .bool(run.willRetry)),
                .init(
                    "progress",
                    .members(
                        ("learnersDone", .integer(run.progress.learnersDone)),
                        ("learnersExpected", .integer(run.progress.learnersExpected)),
                        ("rows", .integer(run.progress.rows)),
                        ("stretchesDone", .integer(run.progress.stretchesDone)),
                        ("stretchesExpected", .integer(run.progress.stretchesExpected)))),
            ]
            if let receipt = run.receipt { members.append(.init("receipt", try JSONValue(parsing: receipt))) }
        }
        return .object(members)
    }

    private static func json(_ file: FinishedFile) -> JSONValue {
        .members(
            ("path", .string(file.path)), ("batchId", .string(file.batch.batch)),
            ("collectionId", .string(file.batch.collection)), ("bytes", .integer(file.fileBytes)),
            ("csvBytes", .integer(file.csvBytes)))
    }
}
