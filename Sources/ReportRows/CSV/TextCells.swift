public import ReportModel

extension CSVRows {
    /// A cell of text, of a page's arena.
    @inline(__always)
    public mutating func text(_ slice: TextSlice, in arena: ByteArena) {
        if slice.isEmpty { return empty() }
        arena.withBytes(of: slice) { text($0) }
    }

    /// A cell of text.
    public mutating func text(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { text($0) }
    }

    /// A cell of text, for code that is not on the hot path.
    public mutating func text(_ string: String) {
        var string = string
        string.withUTF8 { text(UnsafeRawBufferPointer($0)) }
    }

    /// A cell of a fixed word that needs neither quotes nor guard, such as `Issued`.
    mutating func word(_ word: StaticString) {
        word.withUTF8Buffer { typed(UnsafeRawBufferPointer($0)) }
    }

    /// A telephone number: not guarded, so that `+91…` stays what it is, unless it holds more than telephone numbers do.
    public mutating func telephone(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes {
            if isTelephoneNumber($0) { typed($0) } else { text($0) }
        }
    }
}

/// A plus sign or none, a digit, then digits and what people write between them: nothing that a formula could call.
private func isTelephoneNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.dropFirst(text.first == UInt8(ascii: "+") ? 1 : 0)
    guard let first = digits.first, (0x30...0x39).contains(first) else { return false }
    return digits.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x20, 0x28, 0x29, 0x2D, 0x2E: true
        default: false
        }
    }
}
