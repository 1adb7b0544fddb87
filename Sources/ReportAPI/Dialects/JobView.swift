import ReportModel
import ReportPorts
import ReportService

/// A request as upstream's job response tells of it (upstream.md 2.7, 2.14, 20–25), before a dialect puts it into words.
struct JobView: Sendable {
    /// Where it is shown; upstream treats what is missing differently.
    enum Place: Sendable {
        case single, list, search
    }

    /// The row.
    let request: JobRequest
    /// Addresses of the files; none unless the request has ended.
    let links: [String]
    /// When they end; there is such a moment also without links.
    let linksExpireAt: Timestamp

    /// Whether it ended with or without files.
    var hasEnded: Bool { request.status == .success || request.status == .failed }

    /// `requestId`'s tag as the client knows it, without the channel.
    var clientTag: String {
        let suffix = ":\(request.requestedChannel)"
        return request.tag.hasSuffix(suffix) ? String(request.tag.dropLast(suffix.count)) : request.tag
    }

    /// When it was submitted; nil for a row without that time, which is read as 1970.
    var submittedAt: Timestamp? { Self.real(request.submittedAt) }

    /// When it ended, if it did.
    var completedAt: Timestamp? { hasEnded ? Self.real(request.completedAt) : nil }

    /// The end, also of the attempt before a resubmission, else the submission.
    var lastUpdated: Timestamp? { Self.real(request.completedAt) ?? submittedAt }

    /// `request_data` without members that are null; text that is no JSON shows as itself.
    var config: JSONValue {
        do {
            return DatasetConfig.asSent(try JSONValue(parsing: request.requestData).droppingNullMembers())
        } catch {
            return .string(request.requestData)
        }
    }

    private static func real(_ time: Timestamp?) -> Timestamp? {
        time.flatMap { $0.milliseconds == 0 ? nil : $0 }
    }
}

extension Timestamp? {
    /// Milliseconds since 1970, or null.
    var millisecondsJSON: JSONValue { map { .integer($0.milliseconds) } ?? .null }

    /// Whole seconds since 1970, or null.
    var secondsJSON: JSONValue { map { .integer($0.milliseconds / 1000) } ?? .null }
}
