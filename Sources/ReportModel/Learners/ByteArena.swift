/// Where a value lies in the `ByteArena` of its page. Absent values and empty ones differ.
public struct TextSlice: Sendable, Hashable {
    /// First byte in the arena.
    public var offset: UInt32
    /// Length in bytes.
    public var length: UInt32

    /// A slice of the arena.
    @inlinable public init(offset: UInt32, length: UInt32) {
        self.offset = offset
        self.length = length
    }

    /// No value at all (SQL NULL, a missing member). It is also empty.
    public static let absent = TextSlice(offset: .max, length: 0)

    /// Whether there is no value.
    @inlinable public var isAbsent: Bool { offset == .max }
    /// Whether there are no bytes, absent or not.
    @inlinable public var isEmpty: Bool { length == 0 }
}

/// The bytes of the many small values of one page, in one allocation; `TextSlice` addresses them.
///
/// A page is limited in bytes (`PageLimits.bytes`), so offsets fit in 32 bits with much to spare.
public struct ByteArena: Sendable {
    /// All values, one after the other.
    public private(set) var bytes: [UInt8] = []

    /// An empty arena, with room for `capacity` bytes.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// How many bytes it holds.
    @inlinable public var count: Int { bytes.count }

    /// Adds a copy of `value`.
    public mutating func append(_ value: UnsafeRawBufferPointer) -> TextSlice {
        let offset = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: value)
        return TextSlice(offset: offset, length: UInt32(truncatingIfNeeded: value.count))
    }

    /// Adds the UTF-8 bytes of `text`; for code that is not on the hot path.
    public mutating func append(_ text: String) -> TextSlice {
        var text = text
        return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Forgets all values, and keeps room for about as many.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// The bytes of `slice`, which must come from this arena; empty for an absent one.
    @inlinable
    public func withBytes<Result>(
        of slice: TextSlice, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        if slice.length == 0 { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return try bytes.withUnsafeBytes { all in
            let start = Int(slice.offset)
            return try body(UnsafeRawBufferPointer(rebasing: all[start..<start + Int(slice.length)]))
        }
    }

    /// `slice` as text, for code that is not on the hot path; invalid UTF-8 is repaired.
    public func text(_ slice: TextSlice) -> String {
        withBytes(of: slice) { String(decoding: $0, as: UTF8.self) }
    }
}
