import Glibc
import ReportTesting

extension TemporaryFolder {
    /// The learner store of this folder.
    var store: String { file("learners.db") }

    /// Writes a file of an import.
    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    /// Names of the files in the folder.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
