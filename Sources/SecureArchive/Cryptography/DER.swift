/// The little of ASN.1's distinguished encoding (X.690) that public keys and ECDSA signatures need.
enum DER {
    /// `rsaEncryption` without parameters (RFC 8017, A.1).
    static let rsaAlgorithm: [UInt8] = sequence([
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ])
    /// `ecPublicKey` on `prime256v1` (RFC 5480, 2.1.1).
    static let p256Algorithm: [UInt8] = sequence([
        0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01,
        0x07,
    ])

    /// SubjectPublicKeyInfo (RFC 5280, 4.1).
    static func publicKey(algorithm: [UInt8], key: [UInt8]) -> [UInt8] {
        sequence(algorithm, tagged(0x03, [0] + key))
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { tagged(0x30, parts.flatMap { $0 }) }

    /// A whole number that is not negative, by its big-endian bytes.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return tagged(0x02, digits.first.map { $0 < 0x80 } ?? false ? digits : [0] + digits)
    }

    /// The two whole numbers of a sequence, each padded to so many bytes; nil if it is no such sequence.
    static func joinedIntegers(_ sequence: [UInt8], bytesEach count: Int) -> [UInt8]? {
        guard sequence.count >= 2, sequence[0] == 0x30, Int(sequence[1]) == sequence.count - 2 else { return nil }
        var rest = sequence[2...]
        var joined: [UInt8] = []
        for _ in 0..<2 {
            guard rest.count >= 2, rest.removeFirst() == 0x02, let length = rest.popFirst(), rest.count >= length else {
                return nil
            }
            let digits = rest.prefix(Int(length)).drop { $0 == 0 }
            guard digits.count <= count else { return nil }
            joined += [UInt8](repeating: 0, count: count - digits.count) + digits
            rest = rest.dropFirst(Int(length))
        }
        return rest.isEmpty ? joined : nil
    }

    private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var count = content.count
        if count < 0x80 {
            length = [UInt8(count)]
        } else {
            while count > 0 {
                length.insert(UInt8(truncatingIfNeeded: count), at: 0)
                count >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }
}
