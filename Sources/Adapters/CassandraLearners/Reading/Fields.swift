import CassandraAccess

/// Writes the cells of a row as one payload: of each its length as a 32-bit number, negative for null, then its bytes;
/// collections begin with the number of their elements. `CQLElements(fields:)` reads it back.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func begin() { bytes.removeAll(keepingCapacity: true) }

    mutating func cell(_ cell: UnsafeRawBufferPointer?) {
        guard let cell else { return number(-1) }
        number(Int32(truncatingIfNeeded: cell.count))
        bytes.append(contentsOf: cell)
    }

    mutating func collection(_ collection: (bytes: UnsafeRawBufferPointer, count: Int)?) {
        guard let collection else { return number(-1) }
        number(Int32(truncatingIfNeeded: collection.bytes.count + 4))
        number(Int32(truncatingIfNeeded: collection.count))
        bytes.append(contentsOf: collection.bytes)
    }

    mutating func flag(_ flag: Bool) {
        number(1)
        bytes.append(flag ? 1 : 0)
    }

    mutating func double(_ value: Double?) {
        guard let value else { return number(-1) }
        number(8)
        withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func number(_ number: Int32) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
