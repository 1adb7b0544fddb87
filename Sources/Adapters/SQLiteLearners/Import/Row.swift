import ReportModel

/// The row of the line that was read last. Keeps its room from one line to the next.
struct Row {
    let columns: [SourceColumn]
    /// The bytes of all texts of the row.
    private(set) var scratch: [UInt8] = []
    private(set) var cells: [Cell]
    /// Names of members that are no column of the table.
    private(set) var unknownNames: [[UInt8]] = []
    /// The canonical JSON of the whole row, in `scratch`, if the table keeps every member.
    private(set) var wholeRow = 0..<0
    private var canonical = CanonicalJSON()
    private var room: [UInt8] = []
    // Lines mostly name the same columns in the same order: the guess is the column at that place in the line before.
    private var guesses: [Int] = []

    init(columns: [SourceColumn]) {
        self.columns = columns
        cells = Array(repeating: .missing, count: columns.count)
    }

    /// Reads a line, which must hold one object.
    mutating func read(_ line: UnsafeRawBufferPointer) throws(LineFault) {
        scratch.removeAll(keepingCapacity: true)
        unknownNames.removeAll(keepingCapacity: true)
        for index in cells.indices { cells[index] = .missing }
        guard isValidUTF8(line) else { throw LineFault("it is not UTF-8") }
        var scanner = JSONScanner(line)
        do throws(JSONFault) {
            scanner.skipBlanks()
            guard scanner.next == UInt8(ascii: "{") else { throw JSONFault("a JSON object is expected") }
            scanner.advance()
            if !scanner.take(UInt8(ascii: "}")) {
                var place = 0
                repeat {
                    try readMember(&scanner, place: place)
                    place += 1
                } while scanner.take(UInt8(ascii: ","))
                try scanner.expect(UInt8(ascii: "}"))
            }
            scanner.skipBlanks()
            guard scanner.isAtEnd else { throw JSONFault("something follows the JSON object") }
        } catch {
            throw LineFault(error.reason)
        }
        for (index, column) in columns.enumerated() where column.isKey { try checkKey(index, column) }
    }

    /// Adds the canonical JSON of the line that was read; for tables that keep every member.
    mutating func keepWhole(_ line: UnsafeRawBufferPointer) throws(LineFault) {
        let start = scratch.count
        var scanner = JSONScanner(line)
        do throws(JSONFault) { try canonical.rewrite(&scanner, into: &scratch) } catch { throw LineFault(error.reason) }
        wholeRow = start..<scratch.count
    }

    private mutating func readMember(_ scanner: inout JSONScanner, place: Int) throws(JSONFault) {
        scanner.skipBlanks()
        var again = scanner
        let (content, hasEscapes) = try scanner.skipString()
        try scanner.expect(UInt8(ascii: ":"))
        let found: Int?
        if hasEscapes {
            let name = try again.takePlainString()
            found = name.withUnsafeBytes { column(named: $0, place: place) }
            if found == nil { unknownNames.append(name) }
        } else {
            let name = scanner.bytes.slice(content)
            found = column(named: name, place: place)
            if found == nil { unknownNames.append(Array(name)) }
        }
        guard let found else { return try scanner.skipValue() }
        do throws(JSONFault) {
            cells[found] = try readValue(&scanner, columns[found].form)
        } catch {
            throw JSONFault("column \(columns[found].name): \(error.reason)")
        }
    }

    private mutating func column(named name: UnsafeRawBufferPointer, place: Int) -> Int? {
        if place < guesses.count, guesses[place] >= 0, name.elementsEqual(columns[guesses[place]].utf8) {
            return guesses[place]
        }
        let found = columns.firstIndex { name.elementsEqual($0.utf8) }
        while guesses.count <= place { guesses.append(-1) }
        guesses[place] = found ?? -1
        return found
    }

    private func checkKey(_ index: Int, _ column: SourceColumn) throws(LineFault) {
        guard case .text(let range) = cells[index], !range.isEmpty else {
            throw LineFault(column: column.name, "it is part of the key and has no value")
        }
        if scratch[range].contains(0) { throw LineFault(column: column.name, "a key cannot hold a NUL character") }
    }

    private func isValidUTF8(_ line: UnsafeRawBufferPointer) -> Bool {
        line.withMemoryRebound(to: UInt8.self) { bytes in
            do {
                _ = try UTF8Span(validating: Span(_unsafeElements: bytes))
                return true
            } catch {
                return false
            }
        }
    }
}

// MARK: - Values

extension Row {
    private mutating func readValue(_ scanner: inout JSONScanner, _ form: SourceColumn.Form) throws(JSONFault) -> Cell {
        scanner.skipBlanks()
        if scanner.next == UInt8(ascii: "n") {
            try scanner.take(word: "null")
            return .missing
        }
        switch form {
        case .text: return try readText(&scanner)
        case .json: return try readJSON(&scanner)
        case .kept: return try rewrite(&scanner)
        case .boolean: return try readBoolean(&scanner)
        case .time: return try readTime(&scanner)
        case .integer:
            guard let number = try scanner.takeOptionalNumber() else { return .missing }
            guard let whole = Int64(exactly: number) else { throw JSONFault("a whole number is expected") }
            return .integer(whole)
        case .number: return try scanner.takeOptionalNumber().map(Cell.real) ?? .missing
        }
    }

    private mutating func readText(_ scanner: inout JSONScanner) throws(JSONFault) -> Cell {
        guard scanner.next == UInt8(ascii: "\"") else { return try rewrite(&scanner) }
        let start = scratch.count
        try scanner.takeString(.plain, into: &scratch)
        return .text(start..<scratch.count)
    }

    private mutating func rewrite(_ scanner: inout JSONScanner) throws(JSONFault) -> Cell {
        let start = scratch.count
        try canonical.rewrite(&scanner, into: &scratch)
        return .text(start..<scratch.count)
    }

    private mutating func readJSON(_ scanner: inout JSONScanner) throws(JSONFault) -> Cell {
        guard scanner.next == UInt8(ascii: "\"") else { return try rewrite(&scanner) }
        room.removeAll(keepingCapacity: true)
        try scanner.takeString(.plain, into: &room)
        let start = scratch.count
        var fault: JSONFault?
        room.withUnsafeBytes { text in
            var inner = JSONScanner(text)
            inner.skipBlanks()
            do throws(JSONFault) {
                if inner.isAtEnd { return }
                try canonical.rewrite(&inner, into: &scratch)
                inner.skipBlanks()
                if !inner.isAtEnd { throw JSONFault("something follows the JSON in the text") }
            } catch {
                fault = error
            }
        }
        if let fault { throw JSONFault("its text is no JSON: \(fault.reason)") }
        let range = start..<scratch.count
        return range.isEmpty || scratch[range].elementsEqual("null".utf8) ? .missing : .text(range)
    }

    private mutating func readBoolean(_ scanner: inout JSONScanner) throws(JSONFault) -> Cell {
        let fault = JSONFault("true or false is expected")
        switch scanner.next {
        case UInt8(ascii: "t"):
            try scanner.take(word: "true")
            return .integer(1)
        case UInt8(ascii: "f"):
            try scanner.take(word: "false")
            return .integer(0)
        case UInt8(ascii: "\""):
            switch try scanner.takePlainString().map({ $0 | 0x20 }) {
            case Array("true".utf8): return .integer(1)
            case Array("false".utf8): return .integer(0)
            case []: return .missing
            default: throw fault
            }
        default: throw fault
        }
    }

    private mutating func readTime(_ scanner: inout JSONScanner) throws(JSONFault) -> Cell {
        guard scanner.next == UInt8(ascii: "\"") else {
            guard let number = try scanner.takeOptionalNumber(), let milliseconds = Int64(exactly: number) else {
                throw JSONFault("a date, a time or whole milliseconds since 1970 are expected")
            }
            return .integer(milliseconds)
        }
        let (content, hasEscapes) = try scanner.skipString()
        if content.isEmpty { return .missing }
        guard !hasEscapes, let time = Timestamp(parsing: scanner.bytes.slice(content)) else {
            throw JSONFault("a date or a time is expected, such as 2020-08-25T13:45:54.150Z")
        }
        return .integer(time.milliseconds)
    }
}

// MARK: - Reading the row

extension Row {
    /// Whether a cell holds a list with an element.
    func hasElements(_ column: Int) -> Bool {
        guard case .text(let range) = cells[column], range.count > 2 else { return false }
        return scratch[range.lowerBound] == UInt8(ascii: "[")
    }

    /// Calls `body` with the bytes of a text, or does nothing.
    func withText(_ column: Int, _ body: (UnsafeRawBufferPointer) throws(JSONFault) -> Void) throws(LineFault) {
        guard case .text(let range) = cells[column] else { return }
        var fault: JSONFault?
        scratch.withUnsafeBytes { bytes in
            do throws(JSONFault) { try body(bytes.slice(range)) } catch { fault = error }
        }
        if let fault { throw LineFault(column: columns[column].name, fault) }
    }

    /// Gathers columns of the form `kept` in one object; `.missing` if none of them has a value. The columns must be
    /// given in the order of their names.
    mutating func gather(_ kept: Range<Int>) -> Cell {
        let start = scratch.count
        for column in kept {
            guard case .text(let range) = cells[column] else { continue }
            scratch.append(UInt8(ascii: scratch.count == start ? "{" : ","))
            scratch.append(UInt8(ascii: "\""))
            scratch.append(contentsOf: columns[column].utf8)
            scratch.append(contentsOf: [0x22, 0x3A])  // ":
            for index in range { scratch.append(scratch[index]) }
        }
        if scratch.count == start { return .missing }
        scratch.append(UInt8(ascii: "}"))
        return .text(start..<scratch.count)
    }
}
