public import ReportModel

/// What becomes of a submission under the id of an existing request (upstream.md 2.6 as amended by design.md 8).
///
/// | existing | same password, layout and configuration | another |
/// |---|---|---|
/// | waiting | unchanged; a `fresh` one shares no run leased before | updated |
/// | leased, foreign | unchanged | refused |
/// | backing off, failed | restarted, finished batches kept unless `fresh` | restarted |
/// | succeeded | unchanged; restarted if `fresh` or if its files are gone | restarted |
/// | cancelled | restarted | restarted |
///
/// Of requests that other programs work on, only failed and cancelled ones are restarted; all others stay as they are.
public enum SubmissionRule {
    /// What is to be done.
    public enum Verdict: Sendable, Hashable {
        /// Nothing.
        case keep
        /// The waiting row takes what is new.
        case update
        /// The ended row waits again; whether finished batches stay finished.
        case restart(keepingBatches: Bool)
        /// It runs with something else: `conflict`.
        case refuse
    }

    /// The verdict on a submission for an existing row and its run.
    public static func verdict(on submission: Submission, existing request: JobRequest, run: JobRun?) -> Verdict {
        let state = RequestState(of: request, run: run)
        if submission.isForOthers {
            return [.failed, .backingOff, .cancelled].contains(state) ? .restart(keepingBatches: true) : .keep
        }
        let isSame = asksForTheSame(submission, request, run)
        switch state {
        case .waiting:
            return isSame && !submission.isFresh ? .keep : .update
        case .leased, .foreign:
            return isSame ? .keep : .refuse
        case .backingOff, .failed:
            return .restart(keepingBatches: isSame && !submission.isFresh)
        case .succeeded:
            let isLasting = isSame && !submission.isFresh && !request.downloadPaths.isEmpty
            return isLasting ? .keep : .restart(keepingBatches: false)
        case .cancelled:
            return .restart(keepingBatches: false)
        }
    }

    /// Whether password, layout and configuration (which holds the mode) are those of the row. The password of another
    /// program's row cannot be compared, only whether there is one.
    static func asksForTheSame(_ submission: Submission, _ request: JobRequest, _ run: JobRun?) -> Bool {
        let hasSameKey =
            if let run, request.encryptionKey == nil {
                run.passwordHash == submission.passwordHash
            } else {
                (request.encryptionKey ?? "").isEmpty == submission.passwordHash.isEmpty
            }
        return hasSameKey && run?.layout == submission.layout
            && ShareKey.canonical(request.requestData) == ShareKey.canonical(submission.request.requestData)
    }
}
