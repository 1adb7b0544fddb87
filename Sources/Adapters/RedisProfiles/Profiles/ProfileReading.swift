import ReportModel

extension RedisConnection {
    /// Learners that are asked for in one exchange: more brings nothing, and the replies of so many fit in memory.
    static let pipelineLength = 200

    /// The profiles of a page of learners.
    func profiles(of keys: LearnerKeys, fields: [ProfileField]) throws -> ProfilePage {
        var page = ProfilePage(fields: fields)
        page.arena = ByteArena(capacity: keys.count * fields.count * 16)
        page.exists = []
        page.exists.reserveCapacity(keys.count)
        page.values.reserveCapacity(keys.count * fields.count)
        let names = Self.words(fields)
        for start in stride(from: 0, to: keys.count, by: Self.pipelineLength) {
            let chunk = start..<min(keys.count, start + Self.pipelineLength)
            guard !fields.isEmpty else {
                page.exists += try exist(keys, Array(chunk))
                continue
            }
            for learner in chunk {
                append(raw: names.command)
                keys.arena.withBytes(of: keys.ids[learner]) { append(prefix: "user:", $0) }
                append(raw: names.fields)
            }
            try exchange { for _ in chunk { try readProfile(into: &page) } }
            // Who has none of the fields may still have a profile.
            let bare = chunk.filter { !page.exists[$0] }
            for (learner, exists) in zip(bare, try exist(keys, bare)) { page.exists[learner] = exists }
        }
        return page
    }

    private func readProfile(into page: inout ProfilePage) throws {
        guard try readArrayCount() == Self.count(page.fields) else { throw ReplyReader.Nonsense() }
        var hasAny = false
        for field in page.fields {
            var value = try readSlice(into: &page)
            // Newer caches have the board among the fields of the framework.
            if field == .board {
                let other = try readSlice(into: &page)
                if value.isAbsent { value = other }
            }
            hasAny = hasAny || !value.isAbsent
            page.values.append(value)
        }
        page.exists.append(hasAny)
    }

    private func readSlice(into page: inout ProfilePage) throws -> TextSlice {
        try readValue { bytes in bytes.map { page.arena.append($0) } ?? .absent }
    }

    /// Which of `learners` have a profile at all.
    private func exist(_ keys: LearnerKeys, _ learners: [Int]) throws -> [Bool] {
        guard !learners.isEmpty else { return [] }
        for learner in learners {
            append(raw: Self.exists)
            keys.arena.withBytes(of: keys.ids[learner]) { append(prefix: "user:", $0) }
        }
        return try exchange { try learners.map { _ in try readInteger() > 0 } }
    }

    private static let exists = Array("*2\r\n$6\r\nEXISTS\r\n".utf8)

    /// The parts of the command before and after the key.
    private static func words(_ fields: [ProfileField]) -> (command: [UInt8], fields: [UInt8]) {
        let names = fields.flatMap { $0 == .board ? [$0.rawValue, "framework_board"] : [$0.rawValue] }
        let words = names.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        return (Array("*\(names.count + 2)\r\n$5\r\nHMGET\r\n".utf8), Array(words.utf8))
    }

    private static func count(_ fields: [ProfileField]) -> Int { fields.count + (fields.contains(.board) ? 1 : 0) }
}
