import AttemptArchive
import BlockingWork
import S3Files
import Settings

/// Attempts that were moved out of the live table.
extension Composition {
    /// The archive that the settings name; nil if there is none.
    func archive(in folder: DataFolder) async throws -> AttemptArchive? {
        let given = settings.archive
        if given.store == .none { return nil }
        let pool = try await BlockingPool(name: "archive", limits: .init(threads: 2)) {}
        let spool = settings.cassandra.temporaryFolder
        let options = AttemptArchive.Options(
            path: given.path, temporaryFolder: spool.isEmpty ? folder.path : spool)
        switch given.store {
        case .none: return nil
        case .folder:
            return AttemptArchive(DiskFolderSource(root: given.folder, pool: pool), options: options, pool: pool)
        case .s3:
            let store = try await bucket(named: given.bucket.isEmpty ? nil : given.bucket)
            return AttemptArchive(S3FolderSource(store), options: options, pool: pool)
        }
    }
}
