import Glibc
import ReportModel

/// Removes a folder of our own with everything in it. Blocking.
enum FolderRemoval {
    static func remove(_ folder: String) throws {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return }
            throw FileCopy.failed("remove", folder)
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        closedir(directory)
        for name in names where name != "." && name != ".." {
            let path = "\(folder)/\(name)"
            var information = stat()
            guard lstat(path, &information) == 0 else { throw FileCopy.failed("remove", path) }
            if information.st_mode & S_IFMT == S_IFDIR {
                try remove(path)
            } else {
                guard unlink(path) == 0 else { throw FileCopy.failed("remove", path) }
            }
        }
        guard rmdir(folder) == 0 else { throw FileCopy.failed("remove", folder) }
    }
}
