/// Standard Base64 with padding and without line breaks (RFC 4648, 4), strict both ways.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = UInt32(0)
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[Int(bits >> (18 - 6 * UInt32(index)) & 63)] : padding)
            }
        }
        return text
    }

    /// Nil unless `text` is exactly what `encode` writes for some bytes.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        var bits = UInt32(0)
        var digits = 0
        var pads = 0
        for character in text {
            if character == padding {
                pads += 1
                bits <<= 6
            } else {
                guard pads == 0, let digit = alphabet.firstIndex(of: character) else { return nil }
                bits = bits << 6 | UInt32(digit)
            }
            digits += 1
            if digits == 4 {
                for index in 0..<3 { bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(index)))) }
                digits = 0
                bits = 0
            }
        }
        guard pads <= 2, pads <= bytes.count else { return nil }
        bytes.removeLast(pads)
        // Refuses set bits under the padding, so that one value has one text.
        return encode(bytes).elementsEqual(text) ? bytes : nil
    }
}
