import ReportModel

extension RecordBuffer {
    /// The records of a block: of each, the lengths of key and payload as 32-bit numbers, then both.
    init(block: [UInt8]) throws(ExhaustError) {
        // Records are looked at where they lie in the block.
        self.init(bytes: block)
        var place = 0
        while place < block.count {
            guard let key = Self.count(block, place), let payload = Self.count(block, place + 4),
                key + payload <= block.count - place - 8
            else { throw ExhaustError(.internalFault, "temporary file: a block is not what was written") }
            note(offset: place + 8, key: key, payload: payload)
            place += 8 + key + payload
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
    private(set) var blocks = BlockIndex()
    private var block: [UInt8] = []
    private var firstKey: [UInt8] = []
    private var records = 0

    init(_ file: SpoolFile, blockBytes: Int) {
        self.file = file
        self.blockBytes = blockBytes
    }

    mutating func append(_ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer) throws {
        if !block.isEmpty, block.count + key.count + payload.count + 8 > blockBytes { try writeBlock() }
        if block.isEmpty {
            firstKey.removeAll(keepingCapacity: true)
            firstKey.append(contentsOf: key)
        }
        records += 1
        for count in [key.count, payload.count] {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { block.append(contentsOf: $0) }
        }
        block.append(contentsOf: key)
        block.append(contentsOf: payload)
    }

    mutating func finish() throws -> SpoolRun {
        if !block.isEmpty { try writeBlock() }
        blocks.close()
        return .file(file, blocks)
    }

    private mutating func writeBlock() throws {
        blocks.append(byteCount: try file.write(block, at: blocks.byteCount), firstKey: firstKey, records: records)
        records = 0
        block.removeAll(keepingCapacity: true)
    }
}
