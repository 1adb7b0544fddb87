/// Base64 as the deployment's services write and read it.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let ignored: UInt8 = 0xFF

    /// Value of each byte; `ignored` for those outside the alphabet. Knows the URL-safe letters too.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: ignored, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        return values
    }()

    /// Decodes leniently: skips bytes outside the alphabet and ends at the first `=`. Answers how many bytes it wrote.
    ///
    /// `output` needs room for three bytes per four of `text`. It may begin before or where `text` begins in the same
    /// memory, since no byte is written before all bytes up to its place were read.
    static func decode(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        var written = 0
        var bits: UInt32 = 0
        var letters: UInt32 = 0
        values.withUnsafeBufferPointer { values in
            for byte in text {
                if byte == padding { break }
                let value = values[Int(byte)]
                if value == ignored { continue }
                bits = bits << 6 | UInt32(value)
                letters += 1
                if letters == 4 {
                    output[written] = UInt8(truncatingIfNeeded: bits >> 16)
                    output[written + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                    output[written + 2] = UInt8(truncatingIfNeeded: bits)
                    written += 3
                    letters = 0
                    bits = 0
                }
            }
        }
        // A single letter left over has too few bits for a byte.
        guard letters >= 2 else { return written }
        bits <<= 6 * (4 - letters)
        for byte in 0..<letters - 1 {
            output[written] = UInt8(truncatingIfNeeded: bits >> (16 - 8 * byte))
            written += 1
        }
        return written
    }

    /// Encodes with padding; a line feed follows each full line of `bytesPerLine` bytes, a multiple of three.
    static func encode(_ bytes: [UInt8], bytesPerLine: Int? = nil) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4 + bytes.count / (bytesPerLine ?? .max))
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for place in 0..<3 { bits = bits << 8 | (place < group.count ? UInt32(bytes[start + place]) : 0) }
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)] : padding)
            }
            if let bytesPerLine, group.endIndex % bytesPerLine == 0 { text.append(UInt8(ascii: "\n")) }
        }
        return text
    }
}
