import Glibc

/// Learners of a batch with user id in (after, through], in UTF-8 byte order.
public struct UserRange: Sendable, Hashable {
    /// The bound below, not included; nil is the start of the batch.
    public var after: [UInt8]?
    /// The bound above, included; nil is the end of the batch.
    public var through: [UInt8]?

    /// A range of learners; nil bounds are open.
    public init(after: [UInt8]? = nil, through: [UInt8]? = nil) {
        self.after = after
        self.through = through
    }

    /// The whole batch.
    public static let everybody = UserRange()
}

/// The learners of one page: their ids, sorted, and the range that holds them and nobody else of the batch.
///
/// A store that is clustered by user within a batch scans the range; one that is partitioned by user asks for the ids.
public struct LearnerKeys: Sendable {
    /// The bytes of the ids.
    public let arena: ByteArena
    /// The ids in UTF-8 byte order, without repetition.
    public let ids: [TextSlice]
    /// The range between the page before and the end of this one.
    public let range: UserRange

    /// A page of learners; `ids` must be sorted and address `arena`.
    public init(arena: ByteArena, ids: [TextSlice], range: UserRange) {
        self.arena = arena
        self.ids = ids
        self.range = range
    }

    /// How many learners the page has.
    @inlinable public var count: Int { ids.count }

    /// The index of `id` at or after `start` by a forward walk, or nil; rows that come sorted are matched so in one pass.
    ///
    /// `start` is moved to the first id that is not below `id`.
    @inlinable
    public func index(of id: UnsafeRawBufferPointer, from start: inout Int) -> Int? {
        while start < ids.count {
            let order = arena.withBytes(of: ids[start]) { compareBytes($0, id) }
            if order == 0 { return start }
            if order > 0 { return nil }
            start += 1
        }
        return nil
    }
}

/// Compares in UTF-8 byte order: below, at or above zero as `left` comes before, with or after `right`.
public func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    // Without bytes there is no address, of which `memcmp` wants one all the same.
    guard let first = left.baseAddress, let second = right.baseAddress else { return left.count - right.count }
    let order = Int(memcmp(first, second, min(left.count, right.count)))
    return order == 0 ? left.count - right.count : order
}
