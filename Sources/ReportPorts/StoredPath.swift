import ReportModel

/// The rule for paths in a `FileStore`: relative, parts with `/` between them, nothing that leads out of the store or
/// into the place where files are staged. Percent-encoding of ids is the caller's.
public enum StoredPath {
    /// Bytes that one part of a path may have; what file systems allow.
    public static let partLimit = 255
    /// Bytes that a whole path may have.
    public static let limit = 1_024
    /// The first part that no path may have: staged files are kept there.
    public static let staging = ".staging"

    /// The parts of `path`. Throws `invalidInput` for a path that is not allowed.
    public static func parts(of path: String) throws -> [String] {
        func refusal(_ why: String) -> ExhaustError {
            ExhaustError(
                .invalidInput, "path \"\(path.prefix(80))\": \(why)", remedy: "Encode ids with percent signs.")
        }
        guard path.utf8.count <= limit else { throw refusal("it is longer than \(limit) bytes") }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for part in parts {
            if part.isEmpty { throw refusal("a part of it is empty") }
            if part == "." || part == ".." { throw refusal("it leads out of its place") }
            if part.utf8.contains(0) { throw refusal("it has a NUL") }
            if part.utf8.count > partLimit { throw refusal("a part of it is longer than \(partLimit) bytes") }
        }
        if parts.first == staging { throw refusal("that place is for files that are being written") }
        return parts
    }
}
