import CassandraAccess

/// Writes `list<frozen<map<text,text>>>` as JSON: compact, and with sorted keys, since the server keeps maps sorted.
enum JSONCells {
    /// Appends the list, whose element count stands before its bytes.
    static func append(list bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        var maps = CQLElements(nested: bytes)
        out.append(UInt8(ascii: "["))
        var isFirst = true
        while !maps.isAtEnd {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            guard let map = maps.next() else {
                out.append(contentsOf: "null".utf8)
                continue
            }
            append(map: CQLElements(nested: map, perEntry: 2), to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func append(map: CQLElements, to out: inout [UInt8]) {
        var entries = map
        out.append(UInt8(ascii: "{"))
        var isFirst = true
        while !entries.isAtEnd {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            append(text: entries.next(), to: &out)
            out.append(UInt8(ascii: ":"))
            append(text: entries.next(), to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }

    /// Escapes only what JSON demands, as imported cells are kept.
    private static func append(text: UnsafeRawBufferPointer?, to out: inout [UInt8]) {
        guard let text else { return out.append(contentsOf: "null".utf8) }
        out.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x08: out.append(contentsOf: "\\b".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0C: out.append(contentsOf: "\\f".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out += [hexadecimal(byte >> 4), hexadecimal(byte & 15)]
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}

/// A CQL `decimal`: scale, then an unscaled number of any length, big-endian in two's complement.
enum DecimalCell {
    /// The nearest double; nil if it is none, or over 64 bits, which no duration is.
    static func double(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard bytes.count > 4, bytes.count <= 12,
            let scale = CQLNumber.int(UnsafeRawBufferPointer(rebasing: bytes[..<4]))
        else { return nil }
        var unscaled: Int64 = bytes[4] & 0x80 == 0 ? 0 : -1
        for byte in bytes[4...] { unscaled = unscaled << 8 | Int64(byte) }
        if scale == 0 { return Double(unscaled) }
        // By its text, so that the nearest double comes out, as it does of imported JSON.
        return Double("\(unscaled)e\(-Int(scale))")
    }
}
