/// Where the blocks of a file lie, and the first key of each. There is one of every 16 KiB that are spooled, so that it is kept
/// in three allocations.
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

    var count: Int { keyEnds.count }

    /// Bytes of all blocks.
    var byteCount: Int64 { offsets[count] }

    mutating func append(byteCount count: Int, firstKey: [UInt8]) {
        offsets.append(byteCount + Int64(count))
        keys.append(contentsOf: firstKey)
        keyEnds.append(UInt32(truncatingIfNeeded: keys.count))
    }

    subscript(index: Int) -> Block {
        Block(offset: offsets[index], byteCount: Int(offsets[index + 1] - offsets[index]))
    }

    func withFirstKey<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = index == 0 ? 0 : Int(keyEnds[index - 1])
        return keys.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<Int(keyEnds[index])])) }
    }

    /// Gives back what was kept for growing.
    mutating func close() {
        offsets = Array(offsets[...])
        keys = Array(keys[...])
        keyEnds = Array(keyEnds[...])
    }
}
