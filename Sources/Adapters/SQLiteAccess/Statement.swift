import CSQLite
public import ReportModel

/// A prepared statement. Parameters count from 1, columns from 0, as in SQLite.
public final class Statement {
    private let pointer: OpaquePointer
    // Keeps the connection open for as long as the statement lives.
    private let handle: DatabaseHandle

    init(handle: DatabaseHandle, sql: String) throws(ExhaustError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle.pointer, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            if code != SQLITE_OK { throw handle.error(code) }
            throw ExhaustError(.internalFault, "database \(handle.path): an empty statement was prepared")
        }
        pointer = prepared
        self.handle = handle
    }

    deinit { sqlite3_finalize(pointer) }

    /// Whether it has given a row and was not reset since.
    public var isUnderWay: Bool { sqlite3_stmt_busy(pointer) != 0 }

    /// Goes to the next row; false after the last. Slices of the row before are void from here on.
    @discardableResult
    public func step() throws(ExhaustError) -> Bool {
        let code = sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            let error = handle.error(code)
            sqlite3_reset(pointer)
            throw error
        }
        return false
    }

    /// Ends reading and lets go of the lock; parameters become NULL.
    public func reset() {
        // Both repeat an error that step has thrown already.
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Runs a statement that gives no rows, and resets it.
    public func run() throws(ExhaustError) {
        defer { sqlite3_reset(pointer) }
        while try step() {}
    }
}

// MARK: - Parameters

extension Statement {
    /// Binds a whole number, or NULL.
    public func bind(_ parameter: Int, _ value: Int64?) throws(ExhaustError) {
        guard let value else { return try bindNull(parameter) }
        try handle.check(sqlite3_bind_int64(pointer, Int32(parameter), value))
    }

    /// Binds a whole number.
    public func bind(_ parameter: Int, _ value: Int) throws(ExhaustError) {
        try handle.check(sqlite3_bind_int64(pointer, Int32(parameter), Int64(value)))
    }

    /// Binds a floating-point number, or NULL.
    public func bind(_ parameter: Int, _ value: Double?) throws(ExhaustError) {
        guard let value else { return try bindNull(parameter) }
        try handle.check(sqlite3_bind_double(pointer, Int32(parameter), value))
    }

    /// Binds text, or NULL.
    public func bind(_ parameter: Int, _ value: String?) throws(ExhaustError) {
        guard var value else { return try bindNull(parameter) }
        let code = value.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { text in
                csqlite_bind_text_transient(
                    pointer, Int32(parameter), text.baseAddress ?? emptyText, Int32(clamping: text.count))
            }
        }
        try handle.check(code)
    }

    /// Binds a copy of UTF-8 bytes as text.
    public func bind(_ parameter: Int, text value: UnsafeRawBufferPointer) throws(ExhaustError) {
        let text = value.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
        try handle.check(csqlite_bind_text_transient(pointer, Int32(parameter), text, Int32(clamping: value.count)))
    }

    /// Binds UTF-8 bytes as text without a copy; they must stay as they are until the statement is run or reset.
    public func bind(_ parameter: Int, unownedText value: UnsafeRawBufferPointer) throws(ExhaustError) {
        let text = value.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
        try handle.check(csqlite_bind_text_static(pointer, Int32(parameter), text, Int32(clamping: value.count)))
    }

    /// Binds a copy of bytes as a blob, or NULL.
    public func bind(_ parameter: Int, blob value: [UInt8]?) throws(ExhaustError) {
        guard let value else { return try bindNull(parameter) }
        let code = value.withUnsafeBytes {
            // A blob without an address would be NULL.
            csqlite_bind_blob_transient(
                pointer, Int32(parameter), $0.baseAddress ?? UnsafeRawPointer(emptyText), Int32(clamping: $0.count))
        }
        try handle.check(code)
    }

    /// Binds NULL.
    public func bindNull(_ parameter: Int) throws(ExhaustError) {
        try handle.check(sqlite3_bind_null(pointer, Int32(parameter)))
    }
}

// MARK: - Columns

extension Statement {
    /// How many columns a row has.
    public var columnCount: Int { Int(sqlite3_column_count(pointer)) }

    /// The name of a column.
    public func columnName(_ column: Int) -> String {
        sqlite3_column_name(pointer, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// Whether the value is NULL.
    public func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }

    /// The value as a whole number; 0 for NULL.
    public func integer(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, Int32(column)) }

    /// The value as a floating-point number; 0 for NULL.
    public func double(_ column: Int) -> Double { sqlite3_column_double(pointer, Int32(column)) }

    /// The value as a whole number; nil for NULL.
    public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

    /// The value as a floating-point number; nil for NULL.
    public func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }

    /// The bytes of a text or blob, which live until the next step; nil for NULL, empty for an empty text.
    public func bytes(_ column: Int) -> UnsafeRawBufferPointer? {
        // Asked for as a blob, a text is handed out where it lies in the page, without a copy that ends in NUL.
        guard let start = sqlite3_column_blob(pointer, Int32(column)) else {
            // SQLite gives no address for empty values either.
            return isNull(column) ? nil : UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, Int32(column))))
    }

    /// The value as text; nil for NULL.
    public func text(_ column: Int) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }

    /// A copy of a blob; nil for NULL.
    public func blob(_ column: Int) -> [UInt8]? {
        if isNull(column) { return nil }
        let blob = sqlite3_column_blob(pointer, Int32(column))
        return [UInt8](UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(pointer, Int32(column)))))
    }
}

/// An address for texts and blobs without bytes; SQLite would take nil for NULL.
// It is written once, here, and never freed.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()
