import Glibc
import ReportModel
import SecureArchive

/// Copies files durably, for backup and restore. Blocking: call it off the cooperative pool.
enum FileCopy {
    /// Bytes read at once.
    static let chunkBytes = 1 << 20

    /// Copies `source` to `target`, which must not exist, and answers with its length and SHA-256 in hex; nil if there is
    /// no `source`.
    static func copy(_ source: String, to target: String) throws -> (bytes: Int64, sha256: String)? {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else {
            if errno == ENOENT { return nil }
            throw failed("read", source)
        }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw failed("write", target) }
        defer { close(output) }
        var hash = try SHA256()
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 { throw failed("read", source) }
            if count == 0 { break }
            try buffer.withUnsafeBytes { bytes in
                let chunk = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                try hash.update(chunk)
                var written = 0
                while written < count {
                    let step = write(output, chunk.baseAddress?.advanced(by: written), count - written)
                    guard step > 0 else { throw failed("write", target) }
                    written += step
                }
            }
            total += Int64(count)
        }
        guard fsync(output) == 0 else { throw failed("write", target) }
        return (total, Hexadecimal.text(try hash.finish()))
    }

    /// Makes the names in `folder` durable.
    static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed("read", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed("write", folder) }
    }

    /// Paths of all regular files below `folder`, relative to it, sorted; none if there is no such folder.
    static func files(below folder: String) throws -> [String] {
        var found: [String] = []
        var waiting = [""]
        while let relative = waiting.popLast() {
            let path = relative.isEmpty ? folder : "\(folder)/\(relative)"
            guard let directory = opendir(path) else {
                if errno == ENOENT { continue }
                throw failed("read", path)
            }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                let child = relative.isEmpty ? name : "\(relative)/\(name)"
                var information = stat()
                guard lstat("\(folder)/\(child)", &information) == 0 else { continue }
                switch information.st_mode & S_IFMT {
                case S_IFDIR: waiting.append(child)
                case S_IFREG: found.append(child)
                default: break
                }
            }
        }
        return found.sorted()
    }

    static func failed(_ verb: String, _ path: String) -> ExhaustError {
        ExhaustError(
            .storageFailed, "\(path): cannot \(verb) it: \(systemReason())",
            remedy: "Check the folder's mode and the space on its disk.")
    }
}
