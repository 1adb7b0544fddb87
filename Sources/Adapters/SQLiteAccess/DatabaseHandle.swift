import CSQLite
import Glibc
import ReportModel

/// The connection as SQLite knows it; closed when the database and all its statements are gone.
final class DatabaseHandle {
    let pointer: OpaquePointer
    let path: String

    init(path: String, access: DatabaseOptions.Access) throws(ExhaustError) {
        _ = configured
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI
        switch access {
        case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .write: flags |= SQLITE_OPEN_READWRITE
        case .read, .immutable: flags |= SQLITE_OPEN_READONLY
        }
        if access == .create { Self.createPrivately(path) }
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(Self.address(of: path, access), &opened, flags, nil)
        guard let opened, code == SQLITE_OK else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            let system = opened.map { sqlite3_system_errno($0) } ?? 0
            sqlite3_close_v2(opened)
            throw sqliteError(code, message: message, path: path, operatingSystemError: system)
        }
        pointer = opened
        self.path = path
    }

    deinit { sqlite3_close_v2(pointer) }

    /// What went wrong in the last call.
    func error(_ code: Int32) -> ExhaustError {
        sqliteError(
            code, message: String(cString: sqlite3_errmsg(pointer)), path: path,
            operatingSystemError: operatingSystemError(code))
    }

    /// The errno of the call below; the file remembers it where the connection has forgotten it again.
    private func operatingSystemError(_ code: Int32) -> Int32 {
        guard code & 0xFF == SQLITE_IOERR || code & 0xFF == SQLITE_CANTOPEN else { return 0 }
        var remembered = sqlite3_system_errno(pointer)
        if remembered == 0 { sqlite3_file_control(pointer, "main", SQLITE_FCNTL_LAST_ERRNO, &remembered) }
        return remembered
    }

    func check(_ code: Int32) throws(ExhaustError) {
        if code != SQLITE_OK { throw error(code) }
    }

    /// The file is made with mode 0600 before SQLite does, which would follow the umask; journals take over its mode.
    /// It is not opened here: closing a descriptor of a database lets go of all locks that this process has on it.
    private static func createPrivately(_ path: String) {
        if path == ":memory:" { return }
        // Mostly it is there already; what else stands against it, SQLite will say in its own way.
        mknod(path, S_IFREG | 0o600, 0)
    }

    /// A `file:` address; characters with a meaning in one are escaped.
    private static func address(of path: String, _ access: DatabaseOptions.Access) -> String {
        if path == ":memory:" { return path }
        // Two slashes at the front would begin a host name.
        let isDoubled = path.hasPrefix("//")
        var address = isDoubled ? "file:/" : "file:"
        for byte in isDoubled ? path.utf8.drop(while: { $0 == UInt8(ascii: "/") }) : path.utf8[...] {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0x80...:
                address += "%" + String(byte, radix: 16, uppercase: true)
            default: address.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return access == .immutable ? address + "?immutable=1" : address
    }
}

/// Set up once, by whoever opens first. Something else in the process may have begun with SQLite before; then it stays as it is.
private let configured: Int32 = csqlite_configure()
