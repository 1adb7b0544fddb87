internal import CCassandra
import ReportModel

/// A query that the cluster has parsed.
///
/// Unchecked: a prepared query of the driver never changes, and is freed by the last reference.
public final class PreparedQuery: @unchecked Sendable {
    let pointer: OpaquePointer
    /// What was parsed; it holds no values.
    let text: String
    private let api: ccassandra_api

    init(_ pointer: OpaquePointer, _ text: String, _ api: ccassandra_api) {
        self.pointer = pointer
        self.text = text
        self.api = api
    }

    deinit { api.prepared_free(pointer) }
}

/// A value for a `?` of a query.
public enum QueryValue: Sendable, Hashable {
    /// A text, as UTF-8.
    case text([UInt8])
    /// A list of texts, for `IN ?`.
    case texts([[UInt8]])
    /// A whole number of 64 bits, as a token is.
    case number(Int64)
}

/// A query with its values, whose pages are read one after the other.
///
/// Unchecked: used by one task at a time, as its owner promises; freed by the last reference.
final class CassandraStatement: @unchecked Sendable {
    let pointer: OpaquePointer
    private let api: ccassandra_api

    /// Binds `values` in their order. Throws `internalFault` if they do not fit the query.
    init(
        _ query: PreparedQuery, _ values: [QueryValue], pageRows: Int, _ api: ccassandra_api
    ) throws(ExhaustError) {
        guard let pointer = api.prepared_bind(query.pointer) else { throw Self.unfit(0) }
        self.pointer = pointer
        self.api = api
        var code = api.statement_set_is_idempotent(pointer, 1)
        if code == 0 { code = api.statement_set_paging_size(pointer, Int32(clamping: pageRows)) }
        for (position, value) in values.enumerated() where code == 0 { code = bind(value, at: position) }
        if code != 0 { throw Self.unfit(code) }
    }

    deinit { api.statement_free(pointer) }

    /// Goes on after the page that `result` is.
    func advance(after result: OpaquePointer) throws(ExhaustError) {
        let code = api.statement_set_paging_state(pointer, result)
        if code != 0 { throw Self.unfit(code) }
    }

    /// How many rows the next page has at the most.
    func setPageRows(_ count: Int) throws(ExhaustError) {
        let code = api.statement_set_paging_size(pointer, Int32(clamping: count))
        if code != 0 { throw Self.unfit(code) }
    }

    private func bind(_ value: QueryValue, at position: Int) -> Int32 {
        switch value {
        case .number(let number): return api.statement_bind_int64(pointer, position, number)
        case .text(let text):
            return Self.withCharacters(text) { api.statement_bind_string_n(pointer, position, $0, $1) }
        case .texts(let texts):
            guard let list = api.collection_new(Self.list, texts.count) else { return -1 }
            defer { api.collection_free(list) }
            for text in texts {
                let code = Self.withCharacters(text) { api.collection_append_string_n(list, $0, $1) }
                if code != 0 { return code }
            }
            return api.statement_bind_collection(pointer, position, list)
        }
    }

    // CASS_COLLECTION_TYPE_LIST
    private static let list: Int32 = 0x20

    private static func withCharacters(_ text: [UInt8], _ body: (UnsafePointer<CChar>?, Int) -> Int32) -> Int32 {
        // A pointer to nothing would be NULL, that is no value at all.
        if text.isEmpty { return "".withCString { body($0, 0) } }
        return text.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count) }
        }
    }

    private static func unfit(_ code: Int32) -> ExhaustError {
        ExhaustError(.internalFault, "Cassandra: the values do not fit the query (\(code))")
    }
}
