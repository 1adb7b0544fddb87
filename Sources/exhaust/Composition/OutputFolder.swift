import DiskFiles
import Glibc
import ReportModel
import ReportPorts
import SecureArchive

/// A folder that files are made into without a data folder. Everything happens in a hidden folder of this run's own, which
/// is removed in the end; what else lies in the output folder is not touched.
struct OutputFolder: Sendable {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Lends stores that write into the folder; files appear in it, in place of others of their names, when all are made.
    func using<Value: Sendable>(
        _ body: (any FileStore, any PartStore) async throws -> Value
    ) async throws -> Value {
        let work = "\(path)/.exhaust-\(Hexadecimal.text(try RandomBytes.make(count: 8)))"
        let files = try DataFolder.create("\(work)/files").path
        do {
            let value = try await body(
                try await DiskFileStore.open(folder: files), try await DiskPartStore.open(folder: "\(work)/parts"))
            try await FolderWork.run { [path] in
                for name in try FileCopy.files(below: files) where !name.hasPrefix(".") {
                    guard rename("\(files)/\(name)", "\(path)/\(name)") == 0 else {
                        throw FileCopy.failed("write", "\(path)/\(name)")
                    }
                }
                try FolderRemoval.remove(work)
            }
            return value
        } catch {
            try await FolderWork.run { try FolderRemoval.remove(work) }
            throw error
        }
    }
}
