public import ReportModel
import SecureArchive

/// What two live requests must have in common to share one run (design.md 8): report, datasetConfig, layout, mode
/// (which is part of datasetConfig), channel, requester and the keyed hash of the password.
public struct ShareKey: Sendable, Hashable {
    /// The fingerprint of the parts, which is short however long they are: stores have an index on it. May be stored.
    public let text: String

    /// The share key as it was stored.
    public init(text: String) { self.text = text }

    /// The share key of a request. Nil for a row that another program submitted and we never leased, and for one whose
    /// password is another program's: it cannot be compared. Throws `internalFault` if there is no room for a hash.
    public init?(of request: JobRequest, run: JobRun?) throws {
        guard let run, (request.encryptionKey ?? "").isEmpty else { return nil }
        let parts = [
            request.reportID, Self.canonical(request.requestData), run.layout?.rawValue ?? "",
            request.requestedChannel, request.requestedBy, run.passwordHash,
        ]
        text = try Fingerprint.text(of: parts)
    }

    /// The share key that versions before stored as the parts themselves.
    public static func shortened(_ parts: String) throws -> ShareKey {
        ShareKey(text: try Fingerprint.text(joined: parts))
    }

    /// `text` in RFC 8785 form, so that spacing and the order of members do not matter; as it is if it is no JSON.
    static func canonical(_ text: String) -> String {
        guard let value = JSONValue.read(text), let canonical = value.canonical else { return text }
        return canonical
    }

    /// Whether a waiting request takes over the outcome of a run: not if it was asked for anew after the run had begun.
    /// Both have the same share key.
    public static func follows(freshSince: Timestamp?, leaderLeasedAt: Timestamp?) -> Bool {
        guard let freshSince else { return true }
        guard let leaderLeasedAt else { return false }
        return freshSince <= leaderLeasedAt
    }
}

/// What stands for a list of texts where only its equality counts.
enum Fingerprint {
    /// Lower-case hex SHA-256 of the parts, each after its length so that no two lists give the same.
    static func text(of parts: [String]) throws -> String {
        try text(joined: parts.map { "\($0.utf8.count):\($0)" }.joined())
    }

    static func text(joined parts: String) throws -> String { Hexadecimal.text(try SHA256.hash(Array(parts.utf8))) }
}

extension JobRequest {
    /// The fingerprint of what is asked for, and by whom: what `JobRun.question` keeps.
    func question() throws -> String {
        try Fingerprint.text(of: [
            reportID, ShareKey.canonical(requestData), requestedChannel, requestedBy,
        ])
    }
}

extension JSONValue {
    /// The value that `text` holds; nil if it holds none. For texts of rows that any program may have written, where
    /// something unreadable is a case of its own and not an error.
    static func read(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    /// The RFC 8785 form; nil if a number has none.
    var canonical: String? {
        do { return try canonicalText } catch { return nil }
    }
}
