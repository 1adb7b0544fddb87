import ReportModel

extension RequestMachine {
    /// The row keeps its error text, completion and download paths (upstream.md 2.6 and 2.14, 20): the old file stays
    /// until the new one is published, and the texts until work begins.
    mutating func resubmit(_ submission: Submission, at now: Timestamp) throws -> RequestAction {
        switch SubmissionRule.verdict(on: submission, existing: request, run: run) {
        case .keep:
            return .keep
        case .update:
            try beginAnew(submission, at: now)
        case .restart(let keepsBatches):
            if submission.isForOthers {
                // What the other program keeps in the row is its own.
            } else if keepsBatches {
                try keepWork(for: submission)
            } else {
                try beginAnew(submission, at: now)
            }
            request.submittedAt = now
        case .refuse:
            throw ExhaustError(
                .conflict,
                "request \(request.requestID) is being worked on with another password, layout or configuration",
                remedy: "Wait until it has ended, or cancel it, and submit again.")
        }
        request.status = .submitted
        request.iteration = 0
        request.reportID = submission.request.reportID
        request.requestData = submission.request.requestData
        request.requestedBy = submission.request.requestedBy
        request.requestedChannel = submission.request.requestedChannel
        request.encryptionKey = submission.isForOthers ? submission.request.encryptionKey : nil
        return .write
    }

    /// Nothing of what was made counts for the new run. As long as earlier files can be had, the receipt that says what is
    /// in them stays: who may have them depends on it. So does what is known of these files.
    mutating func beginAnew(_ submission: Submission, at now: Timestamp) throws {
        let receipt = request.downloadPaths.isEmpty ? nil : run?.receipt
        let known = (run?.files ?? []) + (run?.earlierFiles ?? [])
        run = try Self.newRun(submission, after: run, at: now)
        run?.receipt = receipt
        run?.earlierFiles = request.downloadPaths.compactMap { path in known.first { $0.path == path } }
        request.processedBatches = []
    }

    /// A failed request that is asked for again as it was: what is done stays done.
    private mutating func keepWork(for submission: Submission) throws {
        var kept = run ?? JobRun(layout: submission.layout)
        kept.sealedPassword = submission.sealedPassword
        kept.passwordHash = submission.passwordHash
        kept.lostLeases = 0
        kept.failure = nil
        kept.willRetry = false
        kept.notBefore = nil
        kept.cancelWished = false
        kept.freshSince = nil
        kept.question = try submission.request.question()
        kept.releaseLease()
        run = kept
    }

    mutating func adopt(_ event: RequestEvent) throws -> RequestAction {
        switch state {
        case .foreign:
            var adopted = run ?? JobRun()
            adopted.cancelWished = false
            adopted.releaseLease()
            run = adopted
            request.status = .submitted
            return .write
        case .leased, .waiting, .backingOff, .failed, .succeeded, .cancelled:
            throw illegal(event, remedy: "Only requests that another program left PROCESSING can be adopted.")
        }
    }
}

extension JobRun {
    /// Nobody holds the run any more; the fencing number stays, and the next lease raises it.
    mutating func releaseLease() {
        owner = nil
        leasedUntil = nil
    }
}
