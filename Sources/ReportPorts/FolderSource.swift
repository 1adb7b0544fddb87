/// Folders of files that others wrote, on a disk or in a bucket; only read.
public protocol FolderSource: Sendable {
    /// Names of the files in `folder`, which ends without a slash, sorted; none if there is no such folder.
    /// Throws `unavailable` or `storageFailed` if it cannot be looked at.
    func names(in folder: String) async throws -> [String]

    /// The file at `path`. Throws `notFound` if there is none, and as `names` otherwise.
    func open(_ path: String) async throws -> any OpenedFile
}
