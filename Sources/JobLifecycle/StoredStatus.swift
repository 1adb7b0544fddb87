public import ReportModel

extension JobRequest {
    /// Takes the status as a table holds it. One that we do not know cannot be worked with: the row shows itself as failed
    /// and says why, and a resubmission mends it. Upstream's newer name of SUCCESS counts as it.
    public mutating func readStatus(_ text: String?) {
        let known = text.map { $0.uppercased() }
        if let known = known.flatMap(RequestStatus.init(rawValue:)) {
            status = known
        } else if known == "COMPLETED" {
            status = .success
        } else {
            status = .failed
            errorMessage = StatusText.abbreviated(
                text.map { "the row has a status that is not known: \($0)" } ?? "the row has no status")
        }
    }
}
