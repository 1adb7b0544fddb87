/// Traditional PKWARE encryption (APPNOTE 6.1), for readers that know nothing better. It is weak: somebody who knows a dozen
/// bytes of the content recovers the keys.
final class ZipCrypto {
    static let headerCount = 12

    /// The state of the cipher; a value, so that a loop keeps it in registers.
    private struct Keys {
        var first: UInt32 = 0x1234_5678
        var second: UInt32 = 0x2345_6789
        var third: UInt32 = 0x3456_7890

        @inline(__always)
        var streamByte: UInt8 {
            let value = (third | 2) & 0xFFFF
            return UInt8(truncatingIfNeeded: (value &* (value ^ 1)) >> 8)
        }

        @inline(__always)
        mutating func advance(_ plain: UInt8, _ table: UnsafeBufferPointer<UInt32>) {
            first = table[Int((first ^ UInt32(plain)) & 0xFF)] ^ first >> 8
            second = (second &+ (first & 0xFF)) &* 134_775_813 &+ 1
            third = table[Int((third ^ second >> 24) & 0xFF)] ^ third >> 8
        }
    }

    private var keys = Keys()

    /// The CRC-32 of one byte each; the only table this cipher needs.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    init(password: Password) {
        password.withUnsafeBytes { password in
            Self.table.withUnsafeBufferPointer { table in
                for byte in password { keys.advance(byte, table) }
            }
        }
    }

    func encrypt(_ bytes: UnsafeMutableRawBufferPointer) {
        var keys = self.keys
        Self.table.withUnsafeBufferPointer { table in
            for index in bytes.indices {
                let plain = bytes[index]
                bytes[index] = plain ^ keys.streamByte
                keys.advance(plain, table)
            }
        }
        self.keys = keys
    }

    func decrypt(_ bytes: UnsafeMutableRawBufferPointer) {
        var keys = self.keys
        Self.table.withUnsafeBufferPointer { table in
            for index in bytes.indices {
                let plain = bytes[index] ^ keys.streamByte
                bytes[index] = plain
                keys.advance(plain, table)
            }
        }
        self.keys = keys
    }
}
