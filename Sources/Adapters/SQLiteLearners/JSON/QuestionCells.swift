import ReportModel

/// Reads the cell `question`: a list of objects (upstream.md 1.7), canonical, but for members in any order.
enum QuestionCells {
    /// Adds the questions of a cell to `page`. `params` and `resvalues` are taken over as they are written.
    static func read(_ cell: UnsafeRawBufferPointer, into page: inout AttemptPage, room: inout [UInt8])
        throws(JSONFault)
    {
        var scanner = JSONScanner(cell)
        try scanner.expect(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) { return }
        repeat {
            page.questions.append(try question(&scanner, &page.arena, &room))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"))
    }

    /// The sum of the questions' durations in stored order; nil if none has one. Throws if the cell is no list of objects.
    static func duration(of cell: UnsafeRawBufferPointer) throws(JSONFault) -> Double? {
        var scanner = JSONScanner(cell)
        var sum: Double?
        try scanner.expect(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) { return nil }
        repeat {
            try scanner.expect(UInt8(ascii: "{"))
            if scanner.take(UInt8(ascii: "}")) { continue }
            repeat {
                let name = try member(&scanner)
                switch name {
                case "duration":
                    if let duration = try scanner.takeOptionalNumber() { sum = (sum ?? 0) + duration }
                case "score", "max_score": _ = try scanner.takeOptionalNumber()
                default: try scanner.skipValue()
                }
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"))
        return sum
    }

    private static func question(
        _ scanner: inout JSONScanner, _ arena: inout ByteArena, _ room: inout [UInt8]
    ) throws(JSONFault) -> AttemptPage.Question {
        var question = AttemptPage.Question()
        try scanner.expect(UInt8(ascii: "{"))
        if !scanner.take(UInt8(ascii: "}")) {
            repeat {
                switch try member(&scanner) {
                case "id": question.id = try text(&scanner, &arena, &room)
                case "type": question.type = try text(&scanner, &arena, &room)
                case "title": question.title = try text(&scanner, &arena, &room)
                case "description": question.description = try text(&scanner, &arena, &room)
                case "duration": question.duration = try scanner.takeOptionalNumber()
                case "score": question.score = try scanner.takeOptionalNumber()
                case "max_score": question.maxScore = try scanner.takeOptionalNumber()
                case "params": question.options = try list(&scanner, &arena)
                case "resvalues": question.response = try list(&scanner, &arena)
                default: try scanner.skipValue()
                }
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
        }
        return question
    }

    /// Goes past a member's name and the colon. Names with escapes are none that we know.
    @inline(__always)
    private static func member(_ scanner: inout JSONScanner) throws(JSONFault) -> MemberName {
        scanner.skipBlanks()
        let (content, _) = try scanner.skipString()
        try scanner.expect(UInt8(ascii: ":"))
        scanner.skipBlanks()
        return MemberName(bytes: scanner.bytes.slice(content))
    }

    /// A text; other values by their JSON, null as absent.
    private static func text(
        _ scanner: inout JSONScanner, _ arena: inout ByteArena, _ room: inout [UInt8]
    ) throws(JSONFault) -> TextSlice {
        switch scanner.next {
        case UInt8(ascii: "\""):
            var again = scanner
            let (content, hasEscapes) = try scanner.skipString()
            guard hasEscapes else { return arena.append(scanner.bytes.slice(content)) }
            room.removeAll(keepingCapacity: true)
            try again.takeString(.plain, into: &room)
            return room.withUnsafeBytes { arena.append($0) }
        case UInt8(ascii: "n"):
            try scanner.take(word: "null")
            return .absent
        default: return try raw(&scanner, &arena)
        }
    }

    /// `params` and `resvalues`, absent for null.
    private static func list(_ scanner: inout JSONScanner, _ arena: inout ByteArena) throws(JSONFault) -> TextSlice {
        guard scanner.next == UInt8(ascii: "n") else { return try raw(&scanner, &arena) }
        try scanner.take(word: "null")
        return .absent
    }

    private static func raw(_ scanner: inout JSONScanner, _ arena: inout ByteArena) throws(JSONFault) -> TextSlice {
        let start = scanner.position
        try scanner.skipValue()
        return arena.append(scanner.bytes.slice(start..<scanner.position))
    }
}

/// The bytes of a member's name, to be compared with names that we know.
struct MemberName {
    let bytes: UnsafeRawBufferPointer

    @inline(__always)
    static func ~= (name: StaticString, member: MemberName) -> Bool {
        guard name.utf8CodeUnitCount == member.bytes.count else { return false }
        for index in 0..<member.bytes.count where name.utf8Start[index] != member.bytes[index] { return false }
        return true
    }
}
