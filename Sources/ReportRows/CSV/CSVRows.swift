import ReportModel

/// Rows under construction, cell after cell: the hot path, and the one place that writes through pointers.
///
/// Every cell ends with a comma, which `endRow()` turns into the end of the line. It owns its memory, so that no cell
/// pays for a check whether somebody else holds a copy.
public struct CSVRows: ~Copyable {
    /// What owns the memory at `base`.
    private(set) var room: CSVRoom
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    /// Where the next byte goes.
    private var position = 0
    /// First byte of the row that is being written.
    private var rowStart = 0
    /// Byte after each finished row.
    private(set) var ends: [Int] = []

    private let isSpark: Bool
    private let guardsFormulas: Bool
    private let endsWithCarriageReturn: Bool

    init(options: CSVOptions, room: CSVRoom = CSVRoom(capacity: 4096)) {
        self.room = room
        capacity = room.capacity
        base = room.base
        isSpark = options.dialect == .spark
        guardsFormulas = options.formulaGuard
        endsWithCarriageReturn = options.lineEnd == .crlf
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: base, count: position))
    }

    // MARK: Cells

    /// A cell of text: quoted where the dialect asks for it, guarded where a spreadsheet would run it as a formula.
    public mutating func text(_ value: UnsafeRawBufferPointer) {
        let value = isSpark ? trimmed(value) : value
        if value.isEmpty { return empty() }
        write(value, afterApostrophe: guardsFormulas && beginsFormula(value))
    }

    /// A cell of a type whose values are no formulas, such as `+91 98765` of a telephone number: quoted, not guarded.
    public mutating func typed(_ value: UnsafeRawBufferPointer) {
        let value = isSpark ? trimmed(value) : value
        if value.isEmpty { return empty() }
        write(value, afterApostrophe: false)
    }

    /// A cell without a value: nothing, or two quotes in dialect `spark` (upstream.md 5.1.2).
    public mutating func empty() {
        if isSpark {
            put(0x22)
            put(0x22)
        }
        put(0x2C)
    }

    /// Cells that were written before, with their commas, by `takeCells()`.
    public mutating func prepared(_ cells: [UInt8]) {
        cells.withUnsafeBytes {
            guard let source = $0.baseAddress else { return }
            reserve($0.count)
            (base + position).copyMemory(from: source, byteCount: $0.count)
            position += $0.count
        }
    }

    /// Ends the row; one without cells is an empty line.
    public mutating func endRow() {
        if position > rowStart { position -= 1 }
        if endsWithCarriageReturn { put(0x0D) }
        put(0x0A)
        rowStart = position
        ends.append(position)
    }

    /// The cells of the row that has not ended, which are taken out of it: for `prepared(_:)`.
    mutating func takeCells() -> [UInt8] {
        let cells = [UInt8](UnsafeRawBufferPointer(start: base + rowStart, count: position - rowStart))
        position = rowStart
        return cells
    }

    // MARK: Bytes

    /// One byte of a cell that is built by hand, without quoting.
    @inline(__always)
    mutating func put(_ byte: UInt8) {
        if position == capacity { grow(by: 1) }
        base.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
        position += 1
    }

    /// The digits of `value`, with zeros in front up to `width` digits (at most 20).
    @inline(__always)
    mutating func putDigits(_ value: UInt64, width: Int = 1) {
        reserve(20)
        var length = 1
        var bound: UInt64 = 10
        while length < 20, length < width || value >= bound {
            length += 1
            let (next, isBeyond) = bound.multipliedReportingOverflow(by: 10)
            bound = isBeyond ? .max : next
        }
        var rest = value
        var index = position + length
        while index > position {
            index -= 1
            base.storeBytes(of: UInt8(truncatingIfNeeded: rest % 10) + 0x30, toByteOffset: index, as: UInt8.self)
            rest /= 10
        }
        position += length
    }

    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if count > capacity - position { grow(by: count) }
    }

    @inline(never)
    private mutating func grow(by count: Int) {
        let larger = CSVRoom(capacity: max(capacity * 2, position + count))
        larger.base.copyMemory(from: base, byteCount: position)
        room = larger
        capacity = larger.capacity
        base = larger.base
    }

    // MARK: Quoting

    @inline(__always)
    private mutating func write(_ value: UnsafeRawBufferPointer, afterApostrophe: Bool) {
        let count = value.count
        // Every byte may need another in front of it, then two quotes, the apostrophe and the comma.
        reserve(2 * count + 8)
        let cellStart = position
        if afterApostrophe {
            base.storeBytes(of: 0x27, toByteOffset: position, as: UInt8.self)
            position += 1
        }
        let isMarked = isSpark && cellStart == rowStart && value[0] == 0x23
        if isMarked || !copyPlain(value) {
            position = cellStart
            writeQuoted(value, afterApostrophe: afterApostrophe)
        }
        base.storeBytes(of: 0x2C, toByteOffset: position, as: UInt8.self)
        position += 1
    }

    /// Copies bytes that need no quotes; false, with some bytes copied in vain, where one needs them.
    @inline(__always)
    private mutating func copyPlain(_ value: UnsafeRawBufferPointer) -> Bool {
        let count = value.count
        let target = base + position
        if count >= 8 {
            var index = 0
            while index + 8 <= count {
                let word = value.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if asksForQuotes(word) { return false }
                target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            // The last word overlaps the one before, so that nothing outside the value is read.
            let word = value.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            if asksForQuotes(word) { return false }
            target.storeBytes(of: word, toByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            let head = value.loadUnaligned(as: UInt32.self)
            let tail = value.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            if asksForQuotes(UInt64(head) << 32 | UInt64(tail)) { return false }
            target.storeBytes(of: head, as: UInt32.self)
            target.storeBytes(of: tail, toByteOffset: count - 4, as: UInt32.self)
        } else {
            for index in 0..<count {
                let byte = value[index]
                if byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { return false }
                target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            }
        }
        position += count
        return true
    }

    /// RFC 4180 doubles a quote; dialect `spark` puts a backslash before a quote or a backslash.
    @inline(never)
    private mutating func writeQuoted(_ value: UnsafeRawBufferPointer, afterApostrophe: Bool) {
        put(0x22)
        if afterApostrophe { put(0x27) }
        let escape: UInt8 = isSpark ? 0x5C : 0x22
        let other: UInt8 = isSpark ? 0x5C : 0x22
        let otherWord = UInt64(other) &* 0x0101_0101_0101_0101
        var index = 0
        var target = position
        while index < value.count {
            if index + 8 <= value.count {
                let word = value.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ otherWord) == 0 {
                    base.storeBytes(of: word, toByteOffset: target, as: UInt64.self)
                    target += 8
                    index += 8
                    continue
                }
            }
            for byte in value[index..<min(index + 8, value.count)] {
                if byte == 0x22 || byte == other {
                    base.storeBytes(of: escape, toByteOffset: target, as: UInt8.self)
                    target += 1
                }
                base.storeBytes(of: byte, toByteOffset: target, as: UInt8.self)
                target += 1
            }
            index += 8
        }
        position = target
        base.storeBytes(of: 0x22, toByteOffset: position, as: UInt8.self)
        position += 1
    }
}

/// Not zero if a byte of the word is zero.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

/// Whether a byte of the word is a quote, comma, line feed or carriage return.
@inline(__always)
private func asksForQuotes(_ word: UInt64) -> Bool {
    zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x2C2C_2C2C_2C2C_2C2C)
        | zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A) | zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D) != 0
}

/// Whether a spreadsheet would run the text as a formula: it begins with `= + - @`, tab, carriage return, or one of
/// the full-width forms U+FF1D, U+FF0B, U+FF0D, U+FF20 (design.md 6.3).
@inline(__always)
private func beginsFormula(_ value: UnsafeRawBufferPointer) -> Bool {
    switch value[0] {
    case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D: return true
    case 0xEF:
        guard value.count >= 3 else { return false }
        switch (value[1], value[2]) {
        case (0xBC, 0x9D), (0xBC, 0x8B), (0xBC, 0x8D), (0xBC, 0xA0): return true
        default: return false
        }
    default: return false
    }
}

/// The value without the characters up to the blank at either end, which upstream's writer trims (upstream.md 5.1.2).
private func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    var end = value.count
    while start < end, value[start] <= 0x20 { start += 1 }
    while end > start, value[end - 1] <= 0x20 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: value[start..<end])
}
