import HTTPMessages
import ReportModel
import ReportPorts

/// Which key holds what. Beside the published files there is only `.staging/<owner>/`, where no path leads (`StoredPath`):
/// `uploads/<staging name>` tells of a file on its way, `begun/<path>` that we began uploads of one, `published/<path>` that a
/// file is ours, `parts/<run>/<name>` is a sealed part.
struct BucketKeys: Sendable, Hashable {
    let prefix: String
    let owner: String

    init(prefix: String, owner: String) {
        self.prefix = prefix
        self.owner = owner
    }

    /// Where a published file is. Throws `invalidInput` for a path that is not allowed.
    func file(_ path: String) throws -> String {
        _ = try StoredPath.parts(of: path)
        return prefix + path
    }

    var uploads: String { own("uploads/") }
    var begun: String { own("begun/") }
    var published: String { own("published/") }
    var parts: String { own("parts/") }

    func upload(_ name: StagingName) -> String { uploads + name.text }

    /// An upload of that path without a note is one of ours, whose id nobody has heard.
    func begun(_ path: String) -> String { begun + path }

    /// In a bucket that others use as well only what is noted there may be listed, expired or swept.
    func note(_ path: String) -> String { published + path }

    func run(_ run: String) throws -> String { parts + (try Self.encoded(run)) + "/" }

    func part(_ name: String, run: String) throws -> String { try self.run(run) + Self.encoded(name) }

    /// The run or part that `encoded` is the key of.
    static func decoded(_ encoded: String) -> String? { PercentEncoding.decode(encoded) }

    private func own(_ rest: String) -> String { "\(prefix)\(StoredPath.staging)/\(owner)/\(rest)" }

    private static func encoded(_ name: String) throws -> String {
        guard !name.isEmpty else { throw ExhaustError(.invalidInput, "a name of a part or run is empty") }
        let encoded = PercentEncoding.encode(name)
        // A dot at the start might be taken for a way out of the folder.
        let safe = encoded.hasPrefix(".") ? "%2E" + encoded.dropFirst() : encoded
        guard safe.utf8.count <= StoredPath.partLimit else {
            throw ExhaustError(
                .limitExceeded, "name \"\(name.prefix(80))\": it is longer than \(StoredPath.partLimit) bytes as a key",
                remedy: "Use shorter ids.")
        }
        return safe
    }
}

/// The staging name of a file: fencing number, some random letters, and the id of its upload, so that any machine can
/// publish or discard it.
struct StagingName: Hashable {
    let text: String
    let upload: String

    init(fencing: Int64, upload: String) {
        let random = String(UInt64.random(in: 0 ... .max), radix: 36)
        self.upload = upload
        text = "\(fencing).\(random).\(PercentEncoding.encode(upload))"
    }

    /// Nil for a name that this store never gave.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Int64(parts[0]) != nil, let upload = PercentEncoding.decode(parts[2]), !upload.isEmpty,
            !text.contains("/")
        else { return nil }
        self.text = text
        self.upload = upload
    }
}
