internal import CCassandra

/// The rows of one page.
///
/// Unchecked: a result of the driver never changes, and is freed by the last reference.
public final class CassandraPage: @unchecked Sendable {
    let pointer: OpaquePointer
    private let api: ccassandra_api

    init(_ pointer: OpaquePointer, _ api: ccassandra_api) {
        self.pointer = pointer
        self.api = api
    }

    deinit { api.result_free(pointer) }

    /// How many rows it has.
    public var count: Int { api.result_row_count(pointer) }

    /// Whether another page follows.
    public var hasMore: Bool { api.result_has_more_pages(pointer) != 0 }

    /// Bytes of the cells of the first row; 0 without one.
    var firstRowBytes: Int {
        guard let iterator = api.iterator_from_result(pointer) else { return 0 }
        defer { api.iterator_free(iterator) }
        guard api.iterator_next(iterator) != 0, let row = api.iterator_get_row(iterator) else { return 0 }
        var bytes = 0
        var column = 0
        // A column that is not there has no value.
        while let value = api.row_get_column(row, column) {
            var start: UnsafePointer<UInt8>?
            var count = 0
            if api.value_is_null(value) == 0, api.value_get_bytes(value, &start, &count) == 0 { bytes += count }
            column += 1
        }
        return bytes
    }

    /// Calls `body` for each row. A row and its bytes are valid only during the call.
    public func forEachRow(_ body: (CassandraRow) throws -> Void) rethrows {
        guard let iterator = api.iterator_from_result(pointer) else { return }
        defer { api.iterator_free(iterator) }
        while api.iterator_next(iterator) != 0 {
            guard let row = api.iterator_get_row(iterator) else { return }
            try body(CassandraRow(pointer: row, api: api))
        }
    }
}

/// One row; valid only while its page hands it out.
public struct CassandraRow {
    let pointer: OpaquePointer
    let api: ccassandra_api

    /// The bytes of a column as the server sent them; nil for null. Texts are UTF-8.
    public func bytes(_ column: Int) -> UnsafeRawBufferPointer? {
        guard let value = api.row_get_column(pointer, column), api.value_is_null(value) == 0 else { return nil }
        return Self.bytes(of: value, api)
    }

    /// The elements of a list or set, or of a map, keys and values in turn, where `perEntry` is 2; none for null.
    public func elements(_ column: Int, perEntry: Int = 1) -> CQLElements {
        guard let collection = collection(column) else {
            return CQLElements(bytes: UnsafeRawBufferPointer(start: nil, count: 0), count: 0)
        }
        return CQLElements(bytes: collection.bytes, count: collection.count * perEntry)
    }

    /// The bytes of a collection with the number of its elements or entries; nil for null.
    public func collection(_ column: Int) -> (bytes: UnsafeRawBufferPointer, count: Int)? {
        guard let value = api.row_get_column(pointer, column), api.value_is_null(value) == 0,
            let bytes = Self.bytes(of: value, api)
        else { return nil }
        return (bytes, api.value_item_count(value))
    }

    private static func bytes(of value: OpaquePointer, _ api: ccassandra_api) -> UnsafeRawBufferPointer? {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard api.value_get_bytes(value, &start, &count) == 0 else { return nil }
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
