internal import CISAL

/// The CRC-32 of zip and gzip (IEEE 802.3, reflected).
public struct CRC32: Sendable, Hashable {
    /// The value so far; 0 for no bytes.
    public private(set) var value: UInt32

    /// Goes on from `value`.
    public init(_ value: UInt32 = 0) { self.value = value }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        value = crc32_gzip_refl(value, start.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The CRC of the first bytes followed by `count` bytes that have the CRC `second`.
    ///
    /// Appending n zero bytes multiplies the CRC by x^(8n) modulo the polynomial; CRCs add.
    public static func combined(_ first: UInt32, _ second: UInt32, secondCount count: UInt64) -> UInt32 {
        var power = UInt32(1) << 23  // x^8: one byte
        var factor = UInt32(1) << 31  // x^0
        var remaining = count
        while remaining > 0 {
            if remaining & 1 == 1 { factor = product(factor, power) }
            power = product(power, power)
            remaining >>= 1
        }
        return product(factor, first) ^ second
    }

    /// Multiplies two polynomials over GF(2) modulo that of the CRC; bit 31 is x^0.
    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var sum = UInt32(0)
        var shifted = right
        for bit in stride(from: UInt32(31), through: 0, by: -1) {
            if left >> bit & 1 == 1 { sum ^= shifted }
            shifted = shifted & 1 == 1 ? shifted >> 1 ^ 0xEDB8_8320 : shifted >> 1
        }
        return sum
    }
}
