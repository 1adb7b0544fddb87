import CassandraAccess
import ReportModel
import SealedSpool

/// The columns of an attempt, and what becomes of them between the server and a page.
struct AttemptFields: Sendable {
    /// Columns that are read, after those that name the row; what an old deployment lacks is missing.
    let columns: [String]
    private let places: [String: Int]
    /// Where the fields of `question` are.
    private let question: QuestionFields

    private static let wanted = [
        "content_id", "attempt_id", "last_attempted_on", "total_score", "total_max_score", "grand_total", "question",
    ]

    init(_ table: TableShape, question fields: [String], after keyColumns: Int) {
        columns = Self.wanted.filter { table.has($0) }
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, keyColumns + $0) })
        question = QuestionFields(fields)
    }

    /// The key by which attempts of a learner are sorted: time (missing first), attempt id, content id.
    func key(_ row: CassandraRow, group: UInt32, user: UnsafeRawBufferPointer) -> SpoolKey {
        var key = SpoolKey(group: group)
        key.append(text: user)
        key.append(number: cell(row, "last_attempted_on").flatMap(CQLNumber.bigint) ?? .min)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        key.append(text: cell(row, "attempt_id") ?? none)
        key.append(text: cell(row, "content_id") ?? none)
        return key
    }

    /// The payload of a row.
    func write(_ row: CassandraRow, to fields: inout FieldWriter) {
        fields.begin()
        for column in Self.wanted.dropLast() { fields.cell(cell(row, column)) }
        fields.collection(places["question"].flatMap { row.collection($0) })
    }

    /// Reads a payload into a page.
    func read(_ payload: UnsafeRawBufferPointer, learner: Int, withQuestions: Bool, into page: inout AttemptPage) {
        var fields = CQLElements(fields: payload, count: Self.wanted.count)
        var attempt = AttemptPage.Attempt(learner: Int32(learner))
        attempt.content = page.arena.append(optional: fields.next())
        attempt.attempt = page.arena.append(optional: fields.next())
        attempt.attemptedOn = fields.next().flatMap(CQLNumber.bigint).map(Timestamp.init(milliseconds:))
        attempt.totalScore = fields.next().flatMap(CQLNumber.double)
        attempt.totalMaxScore = fields.next().flatMap(CQLNumber.double)
        attempt.grandTotal = page.arena.append(optional: fields.next())
        if let list = fields.next() {
            let first = Int32(page.questions.count)
            attempt.duration = question.read(list, withQuestions: withQuestions, into: &page)
            attempt.questions = first..<Int32(page.questions.count)
        }
        page.attempts.append(attempt)
    }

    private func cell(_ row: CassandraRow, _ column: String) -> UnsafeRawBufferPointer? {
        places[column].flatMap { row.bytes($0) }
    }
}

/// The fields of the type `question` (upstream.md 1.7) by their places; types grow, so that names decide.
struct QuestionFields: Sendable {
    private enum Field: Sendable {
        case id, type, title, description, duration, score, maxScore, params, resvalues, other
    }
    private let fields: [Field]

    init(_ names: [String]) {
        fields = names.map { name in
            switch name {
            case "id": .id
            case "type": .type
            case "title": .title
            case "description": .description
            case "duration": .duration
            case "score": .score
            case "max_score": .maxScore
            case "params": .params
            case "resvalues": .resvalues
            default: .other
            }
        }
    }

    /// Adds the questions of a list to `page`, if they are wanted. Answers the sum of their durations, nil if none has one.
    func read(_ list: UnsafeRawBufferPointer, withQuestions: Bool, into page: inout AttemptPage) -> Double? {
        var elements = CQLElements(nested: list)
        var sum: Double?
        var room: [UInt8] = []
        while !elements.isAtEnd {
            guard let bytes = elements.next() else { continue }
            var question = AttemptPage.Question()
            var cells = CQLElements(fields: bytes, count: fields.count)
            for field in fields {
                let cell = cells.next()
                guard let cell else { continue }
                if field == .duration {
                    question.duration = DecimalCell.double(cell)
                    if let duration = question.duration { sum = (sum ?? 0) + duration }
                } else if withQuestions {
                    read(field, cell, into: &question, &page.arena, &room)
                }
            }
            if withQuestions { page.questions.append(question) }
        }
        return sum
    }

    private func read(
        _ field: Field, _ cell: UnsafeRawBufferPointer, into question: inout AttemptPage.Question,
        _ arena: inout ByteArena, _ room: inout [UInt8]
    ) {
        switch field {
        case .id: question.id = arena.append(cell)
        case .type: question.type = arena.append(cell)
        case .title: question.title = arena.append(cell)
        case .description: question.description = arena.append(cell)
        case .score: question.score = CQLNumber.double(cell)
        case .maxScore: question.maxScore = CQLNumber.double(cell)
        case .params, .resvalues:
            room.removeAll(keepingCapacity: true)
            JSONCells.append(list: cell, to: &room)
            let slice = room.withUnsafeBytes { arena.append($0) }
            if field == .params { question.options = slice } else { question.response = slice }
        case .duration, .other: break
        }
    }
}

extension ByteArena {
    /// Adds a copy of a value that may be null.
    mutating func append(optional value: UnsafeRawBufferPointer?) -> TextSlice {
        value.map { append($0) } ?? .absent
    }
}
