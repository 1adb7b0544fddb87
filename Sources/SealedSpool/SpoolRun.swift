import ReportModel

/// Records in the order of their keys: in memory or in a file.
enum SpoolRun: Sendable {
    case memory(RecordBuffer)
    case file(SpoolFile, BlockIndex)

    /// Reads the records from the first whose key is `first` or after it.
    func reader(from first: [UInt8]) throws -> RunReader {
        switch self {
        case .memory(let buffer):
            let start = buffer.bytes.withUnsafeBytes { all in
                Self.firstIndex(buffer.records.count) { index in
                    first.withUnsafeBytes { compareBytes(RecordBuffer.key(buffer.records[index], all), $0) >= 0 }
                }
            }
            return RunReader(buffer, at: start)
        case .file(let file, let blocks):
            // The block before the first that begins at or after `first` may hold it too.
            let next = Self.firstIndex(blocks.count) { index in
                blocks.withFirstKey(index) { key in first.withUnsafeBytes { compareBytes(key, $0) >= 0 } }
            }
            let reader = RunReader(file, blocks, at: max(0, next - 1))
            try reader.skip(to: first)
            return reader
        }
    }

    /// The first index for which `isReached`, which stays true from there on.
    private static func firstIndex(_ count: Int, _ isReached: (Int) -> Bool) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isReached(middle) ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}

/// Goes through the records of one run. Used by one thread.
final class RunReader {
    private let file: (SpoolFile, BlockIndex)?
    private var nextBlock: Int
    private var buffer: RecordBuffer
    private var place: Int

    init(_ buffer: RecordBuffer, at place: Int) {
        file = nil
        nextBlock = 0
        self.buffer = buffer
        self.place = place
    }

    init(_ file: SpoolFile, _ blocks: BlockIndex, at block: Int) {
        self.file = (file, blocks)
        nextBlock = block
        buffer = RecordBuffer()
        place = 0
    }

    /// Whether there is a record; loads the next block if need be.
    func load() throws -> Bool {
        while place >= buffer.records.count {
            guard let (file, blocks) = file, nextBlock < blocks.count else { return false }
            buffer = try RecordBuffer(block: file.read(blocks[nextBlock]))
            nextBlock += 1
            place = 0
        }
        return true
    }

    func skip(to first: [UInt8]) throws {
        while try load() {
            let isBefore = withRecord { key, _ in first.withUnsafeBytes { compareBytes(key, $0) < 0 } }
            if !isBefore { return }
            advance()
        }
    }

    func advance() { place += 1 }

    /// Shows the present record.
    @inline(__always)
    func withRecord<Result>(
        _ body: (_ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let record = buffer.records[place]
        return try buffer.bytes.withUnsafeBytes { all in
            try body(RecordBuffer.key(record, all), RecordBuffer.payload(record, all))
        }
    }

    /// Whether the present record comes before that of `other`.
    func isBefore(_ other: RunReader) -> Bool {
        let (left, right) = (buffer.records[place], other.buffer.records[other.place])
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return withRecord { key, _ in other.withRecord { otherKey, _ in compareBytes(key, otherKey) < 0 } }
    }
}
