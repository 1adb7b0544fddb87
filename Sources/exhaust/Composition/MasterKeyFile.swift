import Glibc
import ReportModel
import ReportService
import SecureArchive

/// `master.key`: 64 hex digits in a file that only its owner can read.
enum MasterKeyFile {
    /// The key of a data folder; made if `path` does not exist and `mayMake`. Two programs that start at once get the same
    /// key.
    static func open(_ path: String, mayMake: Bool) throws -> MasterKey {
        if access(path, F_OK) != 0 {
            // A new key in place of a lost one would make the passwords of all waiting requests unreadable, silently.
            guard mayMake else {
                throw refused(
                    path, "it is missing, and passwords of requests are sealed with it",
                    remedy: "Put the folder's own key back from a backup.")
            }
            try make(path)
        }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refused(path, "it cannot be read: \(systemReason())") }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw refused(path, systemReason()) }
        guard information.st_mode & 0o077 == 0 else {
            throw refused(path, "others can read it", remedy: "Run: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)
        guard let key = try key(text) else {
            throw refused(
                path, "it does not hold 64 hex digits", remedy: "Put the folder's own key back from a backup.")
        }
        return key
    }

    /// The key that these 64 hex digits are; nil if they are not.
    static func key(_ text: String) throws -> MasterKey? {
        guard let bytes = Hexadecimal.bytes(text), bytes.count == SymmetricKey.byteCount else { return nil }
        return MasterKey(try SymmetricKey(bytes))
    }

    private static func make(_ path: String) throws {
        let draft = "\(path).\(getpid())"
        let text = Hexadecimal.text(try SymmetricKey.random().bytes) + "\n"
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refused(path, "it cannot be made: \(systemReason())") }
        let bytes = Array(text.utf8)
        let written = write(descriptor, bytes, bytes.count)
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == bytes.count, synced == 0 else {
            unlink(draft)
            throw refused(path, "it cannot be written: \(systemReason())")
        }
        // A link does not replace what another program made meanwhile, as a rename would.
        let linked = link(draft, path)
        let reason = errno
        unlink(draft)
        guard linked == 0 || reason == EEXIST else { throw refused(path, "it cannot be made: \(systemReason(reason))") }
    }

    private static func refused(_ path: String, _ reason: String, remedy: String = "") -> ExhaustError {
        ExhaustError(.storageFailed, "key \(path): \(reason)", remedy: remedy, mender: .operator)
    }
}
