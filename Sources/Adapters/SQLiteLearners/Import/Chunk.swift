import ReportModel

/// Rows of one table on their way to the store, each as its key, which it is sorted by, and its stored columns.
struct Chunk: Sendable {
    /// One row.
    struct Entry: Sendable {
        /// The first bytes of the key, to compare most keys at once.
        var prefix: UInt64
        /// The key in `Chunk.bytes`.
        var key: Range<Int>
        /// The columns in `Chunk.bytes`, as `StoredRow` reads them.
        var columns: Range<Int>
    }

    /// A number that came to stand for a pair of ids, and was not in the store before.
    struct FreshNumber: Sendable {
        var number: Int64
        var first: [UInt8]
        var second: [UInt8]
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []
    var freshNumbers: [FreshNumber] = []
    private var keyStart = 0
    private var columnsStart = 0

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Bytes in use.
    var count: Int { bytes.count + entries.count * MemoryLayout<Entry>.stride }

    // MARK: Building

    mutating func beginRow() { keyStart = bytes.count }

    /// Adds a number to the key; keys with less come first.
    mutating func addToKey(_ number: Int64) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Adds a text without NUL to the key.
    mutating func addToKey(_ cell: Cell, of row: borrowing Row) {
        if case .text(let range) = cell { bytes.append(contentsOf: row.scratch[range]) }
        // Below every character, so that a text comes before those that it begins.
        bytes.append(0)
    }

    mutating func endKey() { columnsStart = bytes.count }

    mutating func add(_ cell: Cell, of row: borrowing Row) {
        switch cell {
        case .missing: addNull()
        case .integer(let value): add(value)
        case .real(let value): add(value)
        case .text(let range):
            bytes.append(StoredRow.text)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: range.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: row.scratch[range])
        }
    }

    mutating func addNull() { bytes.append(StoredRow.null) }

    mutating func add(_ value: Int64) {
        bytes.append(StoredRow.integer)
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ value: Double?) {
        guard let value else { return addNull() }
        bytes.append(StoredRow.real)
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func endRow() {
        var prefix: UInt64 = 0
        for index in keyStart..<keyStart + 8 {
            prefix = prefix << 8 | (index < columnsStart ? UInt64(bytes[index]) : 0)
        }
        entries.append(
            Entry(prefix: prefix, key: keyStart..<columnsStart, columns: columnsStart..<bytes.count))
    }

    // MARK: Sorting

    /// Puts rows in the order of their keys; rows of equal keys stay in the order in which they came.
    mutating func sort() {
        bytes.withUnsafeBytes { bytes in
            func order(_ left: Entry, _ right: Entry) -> Int {
                if left.prefix != right.prefix { return left.prefix < right.prefix ? -1 : 1 }
                return compareBytes(bytes.slice(left.key), bytes.slice(right.key))
            }
            let isSorted = zip(entries, entries.dropFirst()).allSatisfy { order($0, $1) <= 0 }
            guard !isSorted else { return }
            entries.sort { left, right in
                let order = order(left, right)
                return order == 0 ? left.key.lowerBound < right.key.lowerBound : order < 0
            }
        }
    }
}

/// The columns of a row in a chunk, one after the other.
struct StoredRow {
    static let null: UInt8 = 0
    static let integer: UInt8 = 1
    static let real: UInt8 = 2
    static let text: UInt8 = 3

    /// One column.
    enum Value {
        case null
        case integer(Int64)
        case real(Double)
        case text(UnsafeRawBufferPointer)
    }

    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next column; only as many times as the row has columns.
    mutating func next() -> Value {
        let tag = bytes[position]
        position += 1
        switch tag {
        case Self.integer:
            defer { position += 8 }
            return .integer(bytes.loadUnaligned(fromByteOffset: position, as: Int64.self))
        case Self.real:
            defer { position += 8 }
            return .real(bytes.loadUnaligned(fromByteOffset: position, as: Double.self))
        case Self.text:
            let count = Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            let start = position + 4
            position = start + count
            return .text(bytes.slice(start..<start + count))
        default: return .null
        }
    }
}
