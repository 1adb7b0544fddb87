import DiskFiles
import ReportPorts

/// A folder that files are made into without a data folder; its hidden workings are removed in the end.
struct OutputFolder: Sendable {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Lends stores that write into the folder.
    func using<Value: Sendable>(
        _ body: (any FileStore, any PartStore) async throws -> Value
    ) async throws -> Value {
        let parts = "\(path)/.parts"
        let staging = "\(path)/.staging"
        do {
            let value = try await body(
                try await DiskFileStore.open(folder: path), try await DiskPartStore.open(folder: parts))
            try await clean(parts, staging)
            return value
        } catch {
            try await clean(parts, staging)
            throw error
        }
    }

    private func clean(_ folders: String...) async throws {
        try await FolderWork.run { for folder in folders { try FolderRemoval.remove(folder) } }
    }
}
