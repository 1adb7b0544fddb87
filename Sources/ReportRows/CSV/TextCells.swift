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
            if $0.allSatisfy(isOfTelephoneNumber) { typed($0) } else { text($0) }
        }
    }
}

/// Digits and what people write between them; no letters, so that no formula can call anything.
private func isOfTelephoneNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x20, 0x28, 0x29, 0x2B, 0x2D, 0x2E, 0x2F: true
    default: false
    }
}
