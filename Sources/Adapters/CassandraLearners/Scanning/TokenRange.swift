/// A stretch of the ring of partition tokens (Murmur3): tokens above `after` and up to `through`.
struct TokenRange: Sendable, Hashable {
    var after: Int64
    var through: Int64

    /// The whole ring cut into `count` stretches of the same length.
    static func ring(cutInto count: Int) -> [TokenRange] {
        let count = UInt64(max(1, count))
        let step = UInt64.max / count
        let bounds = (0...count).map { index in
            // No partition has the least token of all, so that it may be left out (Murmur3Partitioner).
            index == count ? Int64.max : Int64(bitPattern: (index * step) ^ (1 << 63))
        }
        return zip(bounds, bounds.dropFirst()).map { TokenRange(after: $0, through: $1) }
    }
}
