/// Numbers as CQL writes them: big-endian (native protocol, section 6).
public enum CQLNumber {
    /// An `int`; nil if it is none.
    public static func int(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        bytes.count == 4 ? Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)) : nil
    }

    /// A `bigint`, or a `timestamp` in milliseconds; nil if it is none.
    public static func bigint(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        bytes.count == 8 ? Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)) : nil
    }

    /// A `double`; nil if it is none.
    public static func double(_ bytes: UnsafeRawBufferPointer) -> Double? {
        bytes.count == 8 ? Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))) : nil
    }

    /// A `boolean`; nil if it is none.
    public static func boolean(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        bytes.count == 1 ? bytes[0] != 0 : nil
    }
}

/// Elements of a collection or fields of a user-defined type, one after the other: length, then bytes; a negative length
/// is null. What is cut short ends early.
public struct CQLElements {
    private var place: UnsafeRawPointer?
    private var left: Int
    /// Elements that are still to come; of maps, keys and values count each.
    public private(set) var remaining: Int

    /// `count` elements that begin at `bytes`.
    init(bytes: UnsafeRawBufferPointer, count: Int) {
        place = bytes.baseAddress
        left = bytes.count
        remaining = count
    }

    /// The elements of a collection that is itself an element: it begins with their number. Of maps, `perEntry` is 2.
    public init(nested bytes: UnsafeRawBufferPointer, perEntry: Int = 1) {
        let count = bytes.count >= 4 ? CQLNumber.int(UnsafeRawBufferPointer(rebasing: bytes[..<4])) ?? 0 : 0
        self.init(bytes: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(4)), count: Int(max(0, count)) * perEntry)
    }

    /// The fields of a user-defined type: `count` of them, or fewer if the type had fewer when the value was written.
    public init(fields bytes: UnsafeRawBufferPointer, count: Int) { self.init(bytes: bytes, count: count) }

    /// The next element; nil for null, `.none` at the end is told by `isAtEnd`.
    public mutating func next() -> UnsafeRawBufferPointer? {
        guard !isAtEnd, let start = place else { return nil }
        let length = Int(Int32(bigEndian: start.loadUnaligned(as: Int32.self)))
        remaining -= 1
        left -= 4
        place = start + 4
        guard length >= 0, length <= left else {
            if length > 0 { left = 0 }
            return nil
        }
        left -= length
        place = start + 4 + length
        return UnsafeRawBufferPointer(start: start + 4, count: length)
    }

    /// Goes past so many elements.
    public mutating func skip(_ count: Int) { for _ in 0..<count { _ = next() } }

    /// Whether there is nothing more.
    public var isAtEnd: Bool { remaining <= 0 || left < 4 }
}
