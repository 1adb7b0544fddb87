import ReportModel

extension RecordBuffer {
    /// The records of a block: of each, the lengths of key and payload as 32-bit numbers, then both.
    init(block: [UInt8]) throws(ExhaustError) {
        self.init()
        var place = 0
        while place < block.count {
            guard let key = Self.count(block, place), let payload = Self.count(block, place + 4),
                key + payload <= block.count - place - 8
            else { throw ExhaustError(.internalFault, "temporary file: a block is not what was written") }
            let start = place + 8
            block.withUnsafeBytes { all in
                append(
                    key: Array(all[start..<start + key]),
                    payload: UnsafeRawBufferPointer(rebasing: all[start + key..<start + key + payload]))
            }
            place = start + key + payload
        }
    }

    private static func count(_ block: [UInt8], _ place: Int) -> Int? {
        guard place + 4 <= block.count else { return nil }
        return block.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        }
    }
}

/// Writes records, which come in order, as blocks of a file.
struct RunWriter {
    private let file: SpoolFile
    private let blockBytes: Int
    private(set) var blocks: [SpoolFile.Block] = []
    private var block: [UInt8] = []
    private var firstKey: [UInt8] = []
    private(set) var byteCount: Int64 = 0

    init(_ file: SpoolFile, blockBytes: Int) {
        self.file = file
        self.blockBytes = blockBytes
    }

    mutating func append(_ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer) throws {
        if !block.isEmpty, block.count + key.count + payload.count + 8 > blockBytes { try writeBlock() }
        if block.isEmpty { firstKey = Array(key) }
        for count in [key.count, payload.count] {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { block.append(contentsOf: $0) }
        }
        block.append(contentsOf: key)
        block.append(contentsOf: payload)
    }

    mutating func finish() throws -> SpoolRun {
        if !block.isEmpty { try writeBlock() }
        return .file(file, blocks)
    }

    private mutating func writeBlock() throws {
        let count = try file.write(block, at: byteCount)
        blocks.append(SpoolFile.Block(offset: byteCount, byteCount: count, firstKey: firstKey))
        byteCount += Int64(count)
        block.removeAll(keepingCapacity: true)
    }
}
