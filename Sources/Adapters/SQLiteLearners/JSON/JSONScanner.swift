/// Walks over JSON bytes (RFC 8259), one value after the other. The bytes must be valid UTF-8 and stay where they are.
///
/// Written for this one purpose and not simdjson: import is bound by inflating and by the trees of the store, each cell is
/// rewritten in canonical form anyway, and our own cells are walked through once, left to right.
struct JSONScanner {
    /// Nesting beyond this is refused, so that no line can exhaust a thread's stack.
    static let nestingLimit = 512

    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The byte ahead, 0 at the end.
    @inline(__always)
    var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    var isAtEnd: Bool { position >= bytes.count }

    @inline(__always)
    mutating func advance(_ count: Int = 1) { position += count }

    @inline(__always)
    mutating func skipBlanks() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    /// Goes past `byte`, after blanks, or throws.
    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(JSONFault) {
        skipBlanks()
        guard next == byte else { throw unexpected("\"\(Character(Unicode.Scalar(byte)))\"") }
        position += 1
    }

    /// Goes past `byte` if it is ahead, after blanks.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard next == byte else { return false }
        position += 1
        return true
    }

    func unexpected(_ wanted: String) -> JSONFault {
        isAtEnd ? .unexpectedEnd : JSONFault("byte \(position + 1) should be \(wanted)")
    }

    /// Goes past `true`, `false` or `null`.
    mutating func take(word: StaticString) throws(JSONFault) {
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count else { throw .unexpectedEnd }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
            throw unexpected("\(word)")
        }
        position += count
    }

    /// Goes past a number; answers where its digits are.
    mutating func takeNumber() throws(JSONFault) -> Range<Int> {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let whole = position
        takeDigits()
        guard position > whole else { throw unexpected("a digit") }
        if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 { throw JSONFault("a number begins with 0") }
        if next == UInt8(ascii: ".") {
            position += 1
            try takeSomeDigits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try takeSomeDigits()
        }
        return start..<position
    }

    private mutating func takeSomeDigits() throws(JSONFault) {
        let start = position
        takeDigits()
        guard position > start else { throw unexpected("a digit") }
    }

    @inline(__always)
    private mutating func takeDigits() {
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    }

    /// Goes past a value of any kind without checking its strings for escapes that do not exist.
    mutating func skipValue(depth: Int = 0) throws(JSONFault) {
        guard depth < Self.nestingLimit else { throw JSONFault("it is nested deeper than \(Self.nestingLimit)") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"):
            position += 1
            if take(UInt8(ascii: "}")) { return }
            repeat {
                skipBlanks()
                try skipString()
                try expect(UInt8(ascii: ":"))
                try skipValue(depth: depth + 1)
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            position += 1
            if take(UInt8(ascii: "]")) { return }
            repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
        case UInt8(ascii: "t"): try take(word: "true")
        case UInt8(ascii: "f"): try take(word: "false")
        case UInt8(ascii: "n"): try take(word: "null")
        default: _ = try takeNumber()
        }
    }

    /// Goes past a string, quotes included; answers where its content is and whether it has escapes.
    @discardableResult
    mutating func skipString() throws(JSONFault) -> (content: Range<Int>, hasEscapes: Bool) {
        guard next == UInt8(ascii: "\"") else { throw unexpected("\"") }
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            position = bytes.firstSpecial(from: position)
            guard position < bytes.count else { throw .unexpectedEnd }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return (start..<position - 1, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position += 2
            default: throw JSONFault("byte \(position + 1) is a control character inside a string")
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The first quote, backslash or control character from `start` on, or the end. Eight bytes at a time.
    @inline(__always)
    func firstSpecial(from start: Int) -> Int {
        guard let baseAddress else { return start }
        var index = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        while index &+ 8 <= count {
            let word = (baseAddress + index).loadUnaligned(as: UInt64.self).littleEndian
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let below = (word &- ones &* 0x20) & ~word
            let found = (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | below) & (ones &* 0x80)
            // Bytes above a hit can be marked wrongly by the borrow, the lowest never.
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < count {
            let byte = self[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return index }
            index &+= 1
        }
        return index
    }

    /// The bytes of `range`, which must lie inside.
    @inline(__always)
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
