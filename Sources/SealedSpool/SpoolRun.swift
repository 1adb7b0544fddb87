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

/// Goes through the records of one run. A block is loaded when its first record is shown, and only then: until it is its
/// turn, its first key says where it belongs. Used by one thread.
final class RunReader {
    private let file: (SpoolFile, BlockIndex)?
    /// The block that follows those in `buffer`.
    private var nextBlock: Int
    private var buffer: RecordBuffer
    private var place: Int
    /// Of the present record's key, to decide most comparisons at once.
    private var prefix: UInt64 = 0

    init(_ buffer: RecordBuffer, at place: Int) {
        file = nil
        nextBlock = 0
        self.buffer = buffer
        self.place = place
        notePrefix()
    }

    init(_ file: SpoolFile, _ blocks: BlockIndex, at block: Int) {
        self.file = (file, blocks)
        nextBlock = block
        buffer = RecordBuffer()
        place = 0
        notePrefix()
    }

    /// Whether there is a present record.
    var hasRecord: Bool { isLoaded || nextBlock < file?.1.count ?? 0 }

    private var isLoaded: Bool { place < buffer.records.count }

    private func notePrefix() { if hasRecord { prefix = withKey { RecordBuffer.prefix($0) } } }

    /// Goes on to the first record whose key is `first` or after it.
    func skip(to first: [UInt8]) throws {
        while hasRecord {
            let isBefore = withKey { key in first.withUnsafeBytes { compareBytes(key, $0) < 0 } }
            if !isBefore { return }
            if !isLoaded, file?.1.holdsOne(nextBlock) == true {
                nextBlock += 1
                notePrefix()
            } else {
                try load()
                advance()
            }
        }
    }

    /// Makes the bytes of the present record available.
    func load() throws {
        guard !isLoaded, let (file, blocks) = file else { return }
        buffer = try RecordBuffer(block: file.read(blocks[nextBlock]))
        nextBlock += 1
        place = 0
    }

    /// Goes on to the next record.
    func advance() {
        place += 1
        if !isLoaded, file != nil { buffer = RecordBuffer() }
        notePrefix()
    }

    /// Shows the key of the present record.
    @inline(__always)
    func withKey<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        guard isLoaded || file == nil else {
            guard let index = file?.1 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
            return try index.withFirstKey(nextBlock, body)
        }
        return try withRecord { key, _ in try body(key) }
    }

    /// Shows the present record, which is loaded.
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
        if prefix != other.prefix { return prefix < other.prefix }
        return withKey { key in other.withKey { compareBytes(key, $0) < 0 } }
    }
}
