import ReportModel

/// The analytics service's: camel case, milliseconds (upstream.md 2.4–2.8).
struct DatasetDialect: RequestDialect {
    let ids = DialectIDs.dataset

    func asked(in request: JSONValue) throws(ExhaustError) -> AskedDataset {
        // Never used, and refused by upstream where it is no text.
        _ = try request.coercedText("outputFormat")
        return AskedDataset(
            tag: try request.coercedText("tag"), dataset: try request.coercedText("dataset"),
            config: try request.coercedObject("datasetConfig"), requestedBy: try request.coercedText("requestedBy"),
            key: try request.coercedText("encryptionKey"), request: request)
    }

    /// Members and order as upstream.md 2.14, 21 and 22.
    func document(of job: JobView, in place: JobView.Place) -> JSONValue {
        let request = job.request
        let links = JSONValue.array(job.links.map(JSONValue.string))
        if place == .single {
            let members: [JSONValue.Member?] = [
                .init("attempts", .integer(request.iteration)), .init("lastUpdated", job.lastUpdated.millisecondsJSON),
                .init("tag", .string(request.tag)), .init("expiresAt", .integer(job.linksExpireAt.milliseconds)),
                .init("datasetConfig", job.config), .init("downloadUrls", links),
                .init("requestedBy", .string(request.requestedBy)), .init("jobStats", statistics(of: job, place)),
                .init("status", .string(request.status.rawValue)), .init("dataset", .string(request.reportID)),
                .init("requestId", .string(request.requestID)),
                .init("requestedChannel", .string(request.requestedChannel)),
                request.errorMessage.map { .init("statusMessage", .string($0)) },
            ]
            return .object(members.compactMap { $0 })
        }
        return .members(
            ("requestId", .string(request.requestID)), ("tag", .string(request.tag)),
            ("dataset", .string(request.reportID)), ("requestedBy", .string(request.requestedBy)),
            ("requestedChannel", .string(request.requestedChannel)), ("status", .string(request.status.rawValue)),
            ("lastUpdated", job.lastUpdated.millisecondsJSON), ("datasetConfig", job.config),
            ("attempts", .integer(request.iteration)), ("jobStats", statistics(of: job, place)),
            ("downloadUrls", links), ("expiresAt", .integer(job.linksExpireAt.milliseconds)),
            ("statusMessage", request.errorMessage.map(JSONValue.string) ?? .null))
    }

    private func statistics(of job: JobView, _ place: JobView.Place) -> JSONValue {
        let duration = job.hasEnded ? job.request.executionMilliseconds : nil
        // A search shows 0 for a request that failed without a time (upstream.md 2.14, 29).
        let missing: JSONValue = place == .search && job.hasEnded ? .integer(0) : .null
        return .members(
            ("dtJobSubmitted", job.submittedAt.millisecondsJSON), ("dtJobCompleted", job.completedAt.millisecondsJSON),
            ("executionTime", duration.map { .integer($0) } ?? missing))
    }
}
