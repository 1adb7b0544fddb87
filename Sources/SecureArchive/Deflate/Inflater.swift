internal import CISAL
internal import ReportModel

/// Undoes raw deflate (RFC 1951) in pieces with ISA-L igzip, and counts and checks what comes out.
///
/// It has one owner, so it may cross tasks although its C state may not be shared.
public struct Inflater: ~Copyable, @unchecked Sendable {
    private let state: UnsafeMutablePointer<inflate_state>
    private let output: RawStorage
    private var crc = CRC32()

    /// How many bytes came out since `init` or `reset`.
    public private(set) var uncompressedCount: UInt64 = 0

    /// Takes about 0.4 MB, once.
    public init() {
        state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
        output = RawStorage(count: PieceSize.working)
        isal_inflate_init(state)
    }

    deinit { state.deallocate() }

    /// The CRC-32 of what came out.
    public var crc32: UInt32 { crc.value }

    /// Whether the final block of the stream has been read.
    public var isFinished: Bool { state.pointee.block_state == ISAL_BLOCK_FINISH }

    /// Begins another stream.
    public mutating func reset() {
        isal_inflate_reset(state)
        crc = CRC32()
        uncompressedCount = 0
    }

    /// Inflates more bytes into `sink`; throws for bytes that are not deflate, or that follow the end of the stream.
    public mutating func append(_ input: UnsafeRawBufferPointer, to sink: ByteSink) throws {
        try input.forEachPiece(of: 1 << 30) { try run($0, to: sink) }
    }

    /// Throws if the stream has not come to its end.
    public func finish() throws {
        guard isFinished else { throw damaged("compressed data", "it ends too early") }
    }

    /// Inflates one part into `sink` and compares lengths and CRC with what the part says of itself.
    ///
    /// The sink may have got bytes before the error is thrown.
    public mutating func inflate(_ part: Part, to sink: ByteSink) throws {
        reset()
        try part.deflated.withUnsafeBytes { try append($0, to: sink) }
        // A part has no final block; an empty one shows whether the part ended between blocks.
        try PartSummary.finalBlock.withUnsafeBytes { try append($0, to: sink) }
        try finish()
        guard uncompressedCount == part.summary.uncompressedCount, crc32 == part.summary.crc32 else {
            throw damaged("part", "its rows do not fit its length and CRC")
        }
    }

    private mutating func run(_ input: UnsafeRawBufferPointer, to sink: ByteSink) throws {
        // igzip reads the input and never writes it; its C signature lacks the const.
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = UInt32(input.count)
        let room = output.bytes
        repeat {
            guard !isFinished else { break }
            state.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(room.count)
            let before = state.pointee.avail_in
            let result = isal_inflate(state)
            guard result >= ISAL_DECOMP_OK else { throw damaged("compressed data", "it is not deflate") }
            // Input that neither shrinks nor gives anything would be offered for ever.
            let stands = state.pointee.avail_in == before && Int(state.pointee.avail_out) == room.count
            guard !stands || before == 0 else { throw damaged("compressed data", "it leads nowhere") }
            let piece = UnsafeRawBufferPointer(room).part(0..<room.count - Int(state.pointee.avail_out))
            crc.update(piece)
            uncompressedCount += UInt64(piece.count)
            if !piece.isEmpty { try sink(piece) }
        } while state.pointee.avail_out == 0 || state.pointee.avail_in > 0
        // igzip takes up to eight bytes ahead into its bit buffer.
        guard !isFinished || (state.pointee.avail_in == 0 && state.pointee.read_in_length < 8) else {
            throw damaged("compressed data", "something follows its end")
        }
    }
}
