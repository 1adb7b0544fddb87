public import JobLifecycle
public import ReportModel
public import ReportPorts

extension StoredRequest {
    /// Throws what the store would throw of `event` as the request stands. Asked before something is written down as done:
    /// what is refused is not done.
    public func check(_ event: RequestEvent, at now: Timestamp) throws {
        var machine = RequestMachine(request: request, run: run)
        _ = try machine.handle(event, at: now)
    }
}

extension ServicePorts {
    /// Files `submission`, after `noting` was told its key. What the store refuses as the request stands is not noted.
    func file(_ submission: Submission, noting: SubmissionNote) async throws -> SubmissionAnswer {
        let key = submission.request.key
        if let stored = try await jobs.request(key.requestID, tag: key.tag) {
            try stored.check(.resubmitted(submission), at: clock.now())
        }
        try await noting(key)
        return try await jobs.submit(submission)
    }
}
