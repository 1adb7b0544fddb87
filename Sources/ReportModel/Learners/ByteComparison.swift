/// Whether both hold the same bytes.
@inlinable
public func equalBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var position = 0
    while position + 8 <= left.count {
        if left.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            != right.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        {
            return false
        }
        position += 8
    }
    while position < left.count {
        if left[position] != right[position] { return false }
        position += 1
    }
    return true
}

/// A hash of the bytes, for tables in memory only: it may differ between versions and machines.
public func hashOfBytes(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    // Odd constants with well spread bits; each word is folded in with a multiplication whose halves are mixed.
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(truncatingIfNeeded: bytes.count) &+ 0xD6E8_FEB8_6659_FD93
    var position = 0
    while position + 8 <= bytes.count {
        hash = mixed(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self), factor)
        position += 8
    }
    if position < bytes.count {
        var rest: UInt64 = 0
        if bytes.count >= 8 {
            rest = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
        } else {
            while position < bytes.count {
                rest = rest << 8 | UInt64(bytes[position])
                position += 1
            }
        }
        hash = mixed(hash ^ rest, factor)
    }
    return mixed(hash, 0xA076_1D64_78BD_642F)
}

/// Both halves of a product folded into one word, so that every bit of `value` reaches every bit of the result.
@inline(__always)
private func mixed(_ value: UInt64, _ factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
}
