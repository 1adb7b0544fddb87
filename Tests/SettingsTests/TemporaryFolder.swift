import Glibc

/// A fresh folder, which `withTemporaryFolder` removes.
struct TemporaryFolder {
    struct Failure: Error { let number = errno }

    let path: String

    /// Writes a file and answers its path.
    func write(_ name: String, _ content: String, mode: mode_t = 0o600) throws -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
        var content = content
        let written = content.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == content.utf8.count, fchmod(descriptor, mode) == 0 else { throw Failure() }
        return file
    }
}

func withTemporaryFolder<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    var template = Array("/tmp/exhaust-settings-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TemporaryFolder.Failure() }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                withUnsafeBytes(of: &entry.pointee.d_name) { name in
                    let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
                    if text != ".", text != ".." { unlink(path + "/" + text) }
                }
            }
            closedir(folder)
        }
        rmdir(path)
    }
    return try body(TemporaryFolder(path: path))
}
