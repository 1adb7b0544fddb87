import ReportModel

/// What goes into a row of `job_request`, before it is known to fit.
struct Filing: Sendable {
    /// `job_id`.
    var jobID: String
    /// The datasetConfig as it was sent.
    var config: JSONValue
    /// The root organisation of the requester.
    var channel: String
    /// The requester, empty if nobody is named.
    var requestedBy: String
    /// The requester's own key for the request; empty if there is none.
    var tag: String
    /// A key that is stored as it is; only for requests that another program works on.
    var key: String?

    /// `<client tag>:<channel>`.
    var storedTag: String { "\(tag):\(channel)" }

    /// Most bytes of a datasetConfig as it is stored: a search may name many collections, but not without end.
    static let largestConfigByteCount = 1 << 20

    /// The text of `request_data`: compact, members that are null dropped, in the order in which they were sent (design.md
    /// 9). Throws `limitExceeded`.
    func storedConfig() throws(ExhaustError) -> String {
        let text = config.droppingNullMembers().compactText
        guard text.utf8.count <= Self.largestConfigByteCount else {
            throw ExhaustError(
                .limitExceeded, "datasetConfig: over \(Self.largestConfigByteCount) bytes",
                remedy: "Name fewer batches or collections.")
        }
        return text
    }

    /// The widths of the deployed table, in characters (upstream.md 1.1). Throws `invalidInput`.
    func checkLengths() throws(ExhaustError) {
        for (name, text, limit) in [
            ("tag with channel", storedTag, 100), ("channel", channel, 50), ("dataset", jobID, 50),
            ("requester", requestedBy, 50), ("encryption key", key ?? "", 500),
        ] {
            guard text.unicodeScalars.count <= limit else {
                throw ExhaustError(
                    .invalidInput, "\(name): over \(limit) characters", remedy: "The job table holds no more.")
            }
            guard !text.unicodeScalars.contains("\0") else {
                throw ExhaustError(.invalidInput, "\(name): it holds a NUL character", remedy: "Remove it.")
            }
        }
    }
}
