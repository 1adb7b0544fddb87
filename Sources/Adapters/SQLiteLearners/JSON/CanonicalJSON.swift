import ReportModel

/// Rewrites JSON in the form in which cells are kept: compact, keys sorted by their UTF-8 bytes, of equal keys the last,
/// strings with no needless escapes, numbers by their digits as written. Keeps its room from one value to the next.
struct CanonicalJSON {
    /// A member that is written already: `"key":value` without a comma.
    private struct Member {
        var bytes: Range<Int>
        /// The key as written, without its quotes.
        var key: Range<Int>
        /// The key without escapes, if it has any: its place among the others goes by that.
        var plainKey: [UInt8]?
    }

    private var members: [Member] = []
    private var room: [UInt8] = []

    /// Goes past the value ahead in `scanner` and adds it to `out`.
    mutating func rewrite(_ scanner: inout JSONScanner, into out: inout [UInt8]) throws(JSONFault) {
        members.removeAll(keepingCapacity: true)
        try rewrite(&scanner, into: &out, depth: 0)
    }

    private mutating func rewrite(
        _ scanner: inout JSONScanner, into out: inout [UInt8], depth: Int
    ) throws(JSONFault) {
        guard depth < JSONScanner.nestingLimit else {
            throw JSONFault("it is nested deeper than \(JSONScanner.nestingLimit)")
        }
        scanner.skipBlanks()
        switch scanner.next {
        case UInt8(ascii: "\""): try scanner.takeString(.canonical, into: &out)
        case UInt8(ascii: "{"): try rewriteObject(&scanner, into: &out, depth: depth)
        case UInt8(ascii: "["):
            out.append(UInt8(ascii: "["))
            scanner.advance()
            if !scanner.take(UInt8(ascii: "]")) {
                while true {
                    try rewrite(&scanner, into: &out, depth: depth + 1)
                    guard scanner.take(UInt8(ascii: ",")) else { break }
                    out.append(UInt8(ascii: ","))
                }
                try scanner.expect(UInt8(ascii: "]"))
            }
            out.append(UInt8(ascii: "]"))
        default:
            let start = scanner.position
            try scanner.skipValue()
            out.append(contentsOf: scanner.bytes.slice(start..<scanner.position))
        }
    }

    private mutating func rewriteObject(
        _ scanner: inout JSONScanner, into out: inout [UInt8], depth: Int
    ) throws(JSONFault) {
        let first = members.count
        let start = out.count
        out.append(UInt8(ascii: "{"))
        scanner.advance()
        if !scanner.take(UInt8(ascii: "}")) {
            repeat {
                scanner.skipBlanks()
                let begin = out.count
                var plain = scanner
                let hasEscapes = try scanner.takeString(.canonical, into: &out)
                let key = begin + 1..<out.count - 1
                let plainKey = hasEscapes ? try plain.takePlainString() : nil
                try scanner.expect(UInt8(ascii: ":"))
                out.append(UInt8(ascii: ":"))
                try rewrite(&scanner, into: &out, depth: depth + 1)
                members.append(Member(bytes: begin..<out.count, key: key, plainKey: plainKey))
                out.append(UInt8(ascii: ","))
            } while scanner.take(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "}"))
            if !areSorted(from: first, in: out) { sort(from: first, in: &out, objectStart: start) }
            out.removeLast()
        }
        out.append(UInt8(ascii: "}"))
        members.removeSubrange(first...)
    }

    private func areSorted(from first: Int, in out: [UInt8]) -> Bool {
        guard members.count - first > 1 else { return true }
        return out.withUnsafeBytes { bytes in
            for index in first + 1..<members.count where order(members[index - 1], members[index], bytes) >= 0 {
                return false
            }
            return true
        }
    }

    /// Puts the members in order behind the opening brace, each with its comma; of equal keys only the last.
    private mutating func sort(from first: Int, in out: inout [UInt8], objectStart: Int) {
        let sorted = out.withUnsafeBytes { bytes in
            members[first...].indices.sorted { left, right in
                let order = order(members[left], members[right], bytes)
                return order == 0 ? left < right : order < 0
            }
        }
        room.removeAll(keepingCapacity: true)
        out.withUnsafeBytes { bytes in
            for (place, index) in sorted.enumerated() {
                if place + 1 < sorted.count, order(members[index], members[sorted[place + 1]], bytes) == 0 { continue }
                room.append(contentsOf: bytes.slice(members[index].bytes))
                room.append(UInt8(ascii: ","))
            }
        }
        out.replaceSubrange((objectStart + 1)..., with: room)
    }

    private func order(_ left: Member, _ right: Member, _ bytes: UnsafeRawBufferPointer) -> Int {
        withKey(of: left, bytes) { leftKey in withKey(of: right, bytes) { compareBytes(leftKey, $0) } }
    }

    private func withKey(
        of member: Member, _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Int
    ) -> Int {
        guard let plainKey = member.plainKey else { return body(bytes.slice(member.key)) }
        return plainKey.withUnsafeBytes(body)
    }
}
