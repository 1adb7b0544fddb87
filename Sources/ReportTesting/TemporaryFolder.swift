import Glibc
public import ReportModel

/// A fresh folder that goes with the object.
public final class TemporaryFolder: Sendable {
    /// Its path.
    public let path: String

    /// Makes the folder.
    public init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/exhaust-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ExhaustError(.storageFailed, "no temporary folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.removeTree(path) }

    private static func removeTree(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { removeTree(path + "/" + name) }
            }
            closedir(folder)
        }
        remove(path)
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file of that name.
    public func write(_ bytes: [UInt8], to name: String) throws {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw ExhaustError(.storageFailed, "no file") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ExhaustError(.storageFailed, "no room")
        }
    }
}

/// The error that `body` throws, as the one shape that there is.
public func failure(of body: () throws -> Void) -> ExhaustError? {
    do { try body() } catch { return error as? ExhaustError }
    return nil
}

/// The error that `body` throws, as the one shape that there is.
public func failure(of body: () async throws -> Void) async -> ExhaustError? {
    do { try await body() } catch { return error as? ExhaustError }
    return nil
}
