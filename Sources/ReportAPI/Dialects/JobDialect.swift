import HTTPServer
import ReportModel

/// The oldest API's: snake case, seconds, COMPLETED, the client's own tag (brief of the request API; upstream.md 2.13).
struct JobDialect: RequestDialect {
    let ids = DialectIDs.job

    func asked(in request: JSONValue) throws(ExhaustError) -> AskedDataset {
        _ = try request.coercedText("output_format")
        return AskedDataset(
            tag: try request.coercedText("tag"), dataset: try request.coercedText("jobId"),
            config: try request.coercedObject("jobConfig"), requestedBy: try request.coercedText("requestedBy"),
            key: try request.coercedText("encryptionKey"), request: Self.translated(request),
            names: (tag: "tag", dataset: "jobId", config: "jobConfig"))
    }

    private static func translated(_ request: JSONValue) -> JSONValue {
        let names = ["jobId": "dataset", "jobConfig": "datasetConfig", "output_format": "outputFormat"]
        return .object((request.objectMembers ?? []).map { .init(names[$0.name] ?? $0.name, $0.value) })
    }

    /// Members and order as printed; what went wrong is told beside them.
    func document(of job: JobView, in place: JobView.Place) -> JSONValue {
        let request = job.request
        let status = request.status == .success ? "COMPLETED" : request.status.rawValue
        let wanted: [JSONValue.Member] =
            [.init("jobId", .string(request.reportID))] + (job.config.objectMembers ?? [.init("jobConfig", job.config)])
            + [.init("output_format", .string("csv"))]
        var members: [JSONValue.Member] = [
            .init("request_id", .string(request.requestID)), .init("tag", .string(job.clientTag)),
            .init("status", .string(status)), .init("last_updated", job.lastUpdated.secondsJSON),
            .init("request", .object(wanted)),
            .init("job_stats", .members(("dt_job_submitted", job.submittedAt.secondsJSON))),
            .init("downloadURLs", .array(job.links.map(JSONValue.string))),
            .init("expiresAt", .integer(job.linksExpireAt.milliseconds)),
            .init("attempts", .integer(request.iteration)),
        ]
        if let message = request.errorMessage { members.append(.init("status_message", .string(message))) }
        return .object(members)
    }

    func success(_ result: JSONValue, id: String, at now: Timestamp) -> HTTPResponse {
        Envelope.success(result, id: id, at: now, hasClientKey: false)
    }
}
