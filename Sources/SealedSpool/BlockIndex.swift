/// Where the blocks of a file lie, and the first key of each. There is one of every 16 KiB that are spooled, so that it is kept
/// in four allocations.
struct BlockIndex: Sendable {
    /// Where a block lies.
    struct Block: Sendable {
        var offset: Int64
        var byteCount: Int
    }

    /// Where each block begins, and where the last one ends.
    private var offsets: [Int64] = [0]
    private var keys: [UInt8] = []
    /// Where each key ends in `keys`.
    private var keyEnds: [UInt32] = []
    /// Whether a block holds one record; records can have megabytes.
    private var holdOne: [Bool] = []

    var count: Int { keyEnds.count }

    /// Bytes of all blocks.
    var byteCount: Int64 { offsets[count] }

    mutating func append(byteCount count: Int, firstKey: [UInt8], records: Int) {
        offsets.append(byteCount + Int64(count))
        keys.append(contentsOf: firstKey)
        keyEnds.append(UInt32(truncatingIfNeeded: keys.count))
        holdOne.append(records == 1)
    }

    subscript(index: Int) -> Block {
        Block(offset: offsets[index], byteCount: Int(offsets[index + 1] - offsets[index]))
    }

    func withFirstKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let start = index == 0 ? 0 : Int(keyEnds[index - 1])
        return try keys.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<Int(keyEnds[index])])) }
    }

    /// Whether the first key of a block is that of its only record.
    func holdsOne(_ index: Int) -> Bool { holdOne[index] }

    /// Gives back what was kept for growing.
    mutating func close() {
        offsets = Array(offsets[...])
        keys = Array(keys[...])
        keyEnds = Array(keyEnds[...])
        holdOne = Array(holdOne[...])
    }
}
