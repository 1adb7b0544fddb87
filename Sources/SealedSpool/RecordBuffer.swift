import ReportModel

/// Records in memory: key and payload of each, in one allocation.
struct RecordBuffer: Sendable {
    struct Record {
        /// The first bytes of the key after its group, to decide most comparisons at once.
        var prefix: UInt64
        var offset: UInt32
        var keyCount: UInt32
        var payloadCount: UInt32
    }

    private(set) var bytes: [UInt8]
    private(set) var records: [Record] = []

    /// A buffer without records over these bytes.
    init(bytes: [UInt8] = []) { self.bytes = bytes }

    var byteCount: Int { bytes.count + records.count * MemoryLayout<Record>.stride }

    mutating func append(key: [UInt8], payload: UnsafeRawBufferPointer) {
        let offset = bytes.count
        bytes.append(contentsOf: key)
        bytes.append(contentsOf: payload)
        note(offset: offset, key: key.count, payload: payload.count)
    }

    /// Makes a record of bytes that are there: `key` bytes from `offset` on, and `payload` bytes after them.
    mutating func note(offset: Int, key: Int, payload: Int) {
        let prefix = bytes.withUnsafeBytes { Self.prefix(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + key])) }
        records.append(
            Record(
                prefix: prefix, offset: UInt32(truncatingIfNeeded: offset), keyCount: UInt32(truncatingIfNeeded: key),
                payloadCount: UInt32(truncatingIfNeeded: payload)))
    }

    /// Makes room for so many bytes at once, since growing by doubling would take up to twice as many.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }

    /// Sorts by key.
    mutating func sort() {
        bytes.withUnsafeBytes { all in
            records.sort { left, right in
                if left.prefix != right.prefix { return left.prefix < right.prefix }
                return compareBytes(Self.key(left, all), Self.key(right, all)) < 0
            }
        }
    }

    static func key(_ record: Record, _ all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = Int(record.offset)
        return UnsafeRawBufferPointer(rebasing: all[start..<start + Int(record.keyCount)])
    }

    static func payload(_ record: Record, _ all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = Int(record.offset) + Int(record.keyCount)
        return UnsafeRawBufferPointer(rebasing: all[start..<start + Int(record.payloadCount)])
    }

    /// The last byte of the group and the seven after it: groups are few, and only equal ones are compared in the end.
    static func prefix(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var prefix: UInt64 = 0
        for index in 0..<8 { prefix = prefix << 8 | UInt64(index < key.count ? key[index] : 0) }
        return prefix
    }
}
