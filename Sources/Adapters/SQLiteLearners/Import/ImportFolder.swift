import Glibc
import ReportModel

/// The files of a folder that an import reads.
struct ImportFolder {
    /// One table's file.
    struct File {
        let shape: TableShape
        let name: String
        let path: String
        let size: Int64
    }

    /// In the order of `TableShape.all`.
    let files: [File]
    /// Names with a table's ending that are no table's.
    let unknown: [String]

    var size: Int64 { files.reduce(0) { $0 + $1.size } }

    /// Looks through the folder at `path`. Throws `invalidInput` if it is none, holds no table, or holds one twice.
    init(path: String) throws(ExhaustError) {
        var found: [String: [String]] = [:]
        for name in try Self.names(in: path) {
            guard let table = Self.tableName(of: name) else { continue }
            found[table, default: []].append(name)
        }
        var files: [File] = []
        for shape in TableShape.all {
            let names = ([shape.name] + shape.aliases).flatMap { found.removeValue(forKey: $0) ?? [] }
            guard names.count <= 1 else {
                throw ExhaustError(
                    .invalidInput, "import of \(path): \(names.sorted().joined(separator: " and ")) are the same table",
                    remedy: "Leave one of them in the folder.")
            }
            guard let name = names.first else { continue }
            let file = path + "/" + name
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw ExhaustError(
                    .invalidInput, "import of \(file): it is no file", remedy: "Check that the file can be read.")
            }
            files.append(File(shape: shape, name: name, path: file, size: Int64(status.st_size)))
        }
        guard !files.isEmpty else {
            throw ExhaustError(
                .invalidInput, "import of \(path): no table is in that folder",
                remedy: "Name a folder with files such as user_enrolments.jsonl or user_enrolments.jsonl.gz.")
        }
        self.files = files
        unknown = found.values.flatMap { $0 }.sorted()
    }

    private static func tableName(of file: String) -> String? {
        for ending in [".jsonl", ".jsonl.gz"] where file.hasSuffix(ending) {
            return String(file.dropLast(ending.count))
        }
        return nil
    }

    private static func names(in path: String) throws(ExhaustError) -> [String] {
        guard let folder = opendir(path) else {
            throw ExhaustError(
                .invalidInput, "import of \(path): \(String(cString: strerror(errno)))",
                remedy: "Name a folder that exists and can be read.")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }
}
