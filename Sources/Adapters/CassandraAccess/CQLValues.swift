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
    private var rest: UnsafeRawBufferPointer
    /// Elements that are still to come; of maps, keys and values count each.
    public private(set) var remaining: Int

    /// `count` elements that begin at `bytes`.
    init(bytes: UnsafeRawBufferPointer, count: Int) {
        rest = bytes
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
        guard !isAtEnd, let length = CQLNumber.int(UnsafeRawBufferPointer(rebasing: rest[..<4])) else { return nil }
        remaining -= 1
        let after = UnsafeRawBufferPointer(rebasing: rest.dropFirst(4))
        guard length >= 0, Int(length) <= after.count else {
            rest = length < 0 ? after : UnsafeRawBufferPointer(rebasing: after[..<0])
            return nil
        }
        rest = UnsafeRawBufferPointer(rebasing: after.dropFirst(Int(length)))
        return UnsafeRawBufferPointer(rebasing: after[..<Int(length)])
    }

    /// Whether there is nothing more.
    public var isAtEnd: Bool { remaining <= 0 || rest.count < 4 }
}
