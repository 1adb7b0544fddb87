/// Takes bytes that are valid only during the call; throwing ends the work.
public typealias ByteSink = (UnsafeRawBufferPointer) throws -> Void

extension UnsafeRawBufferPointer {
    /// The bytes of `range`; both bounds are the caller's duty, and checked.
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    /// Calls `body` with the bytes in pieces of at most `size`.
    func forEachPiece(of size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        var offset = 0
        while offset < count {
            let end = offset + Swift.min(size, count - offset)
            try body(part(offset..<end))
            offset = end
        }
    }
}

/// How many bytes the stages of this module hand on at once.
enum PieceSize {
    /// Large enough that a call costs nothing, small enough to stay in the second-level cache.
    static let working = 256 * 1024
}
