internal import CISAL
internal import ReportModel

/// Makes deflated parts (RFC 1951) with ISA-L igzip; after `finish` it is ready for the next part.
///
/// The bytes of a part end in a sync flush and never hold a final block, so parts join by putting one after the other.
/// It has one owner, so it may cross tasks although its C state may not be shared.
public struct Deflater: ~Copyable, @unchecked Sendable {
    /// How hard igzip tries: 0 is fastest, 3 smallest (libraries.md 6).
    public enum Level: UInt32, Sendable, CaseIterable {
        case fastest = 0, fast, smaller, smallest
    }

    /// Most deflated bytes of one part; what a part holds is in memory.
    public static let largestByteCount = 512 << 20

    private let stream: UnsafeMutablePointer<isal_zstream>
    private let levelBuffer: RawStorage
    private let output: RawStorage
    private var deflated: [UInt8] = []
    private var crc = CRC32()

    /// How many bytes were appended since the last `finish`.
    public private(set) var uncompressedCount: UInt64 = 0

    /// Takes about 0.6 MB, once.
    public init(level: Level = .fast) {
        stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
        levelBuffer = RawStorage(count: max(1, isalx_level_buffer_size(level.rawValue)))
        output = RawStorage(count: PieceSize.working)
        isal_deflate_init(stream)
        stream.pointee.level = level.rawValue
        stream.pointee.level_buf = levelBuffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.level_buf_size = UInt32(levelBuffer.bytes.count)
    }

    deinit { stream.deallocate() }

    /// Compresses more bytes of the part.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        try bytes.forEachPiece(of: 1 << 30) { piece in
            crc.update(piece)
            try run(piece, flush: NO_FLUSH)
        }
        uncompressedCount += UInt64(bytes.count)
    }

    /// Compresses more bytes of the part.
    public mutating func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

    /// Ends the part with a sync flush, and begins the next. Nothing appended gives no bytes at all.
    ///
    /// - Parameters:
    ///   - rowCount: how many rows of a report the bytes are; the header is none.
    ///   - notes: what the caller wants to keep with the part.
    public mutating func finish(rowCount: UInt64 = 0, notes: [UInt8] = []) throws -> Part {
        if uncompressedCount > 0 {
            try run(UnsafeRawBufferPointer(start: nil, count: 0), flush: SYNC_FLUSH)
            guard deflated.suffix(4) == [0, 0, 0xFF, 0xFF] else { throw misuse("deflate", "no sync flush at the end") }
        }
        let summary = PartSummary(
            deflatedCount: UInt64(deflated.count), uncompressedCount: uncompressedCount, crc32: crc.value,
            rowCount: rowCount)
        let part = Part(summary: summary, notes: notes, deflated: deflated)
        reset()
        return part
    }

    /// Forgets what was appended since the last `finish`.
    public mutating func reset() {
        deflated = []
        crc = CRC32()
        uncompressedCount = 0
        isal_deflate_reset(stream)
    }

    private mutating func run(_ input: UnsafeRawBufferPointer, flush: Int32) throws {
        // igzip reads the input and never writes it; its C signature lacks the const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.flush = UInt16(flush)
        let room = output.bytes
        repeat {
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room.count)
            let result = isal_deflate(stream)
            guard result == COMP_OK else { throw misuse("deflate", "igzip answered \(result)") }
            let written = room.count - Int(stream.pointee.avail_out)
            guard deflated.count + written <= Self.largestByteCount else {
                throw overLimit(
                    "part", "over \(Self.largestByteCount) deflated bytes",
                    remedy: "Cut the learners into smaller ranges.")
            }
            deflated.append(contentsOf: UnsafeRawBufferPointer(room).part(0..<written))
        } while stream.pointee.avail_out == 0 || stream.pointee.avail_in > 0
    }
}
