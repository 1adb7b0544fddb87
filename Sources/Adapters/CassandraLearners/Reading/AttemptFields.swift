import CassandraAccess
import ReportModel
import SealedSpool

/// The columns of an attempt, and what becomes of them between the server and a page.
struct AttemptFields: Sendable {
    /// Columns that are read, after those that name the row; what an old deployment lacks is missing.
    let columns: [String]
    /// Where the cells are that are kept as they come, in the order of `wanted`.
    private let cells: [Int?]
    private let list: Int?
    private let needs: LearnerNeeds.Attempts
    /// Where the fields of `question` are.
    private let question: QuestionFields

    private static let wanted = [
        "content_id", "attempt_id", "last_attempted_on", "total_score", "total_max_score", "grand_total",
    ]
    /// Places in `wanted`.
    private static let (content, attempt, time) = (0, 1, 2)

    /// The columns of `table` that `needs` asks for; `fields` are those of a question.
    init(_ table: TableShape, question fields: [String], needs: LearnerNeeds.Attempts, after keyColumns: Int) {
        let columns = (Self.wanted + (needs > .scores ? ["question"] : [])).filter { table.has($0) }
        let place = { (name: String) in columns.firstIndex(of: name).map { keyColumns + $0 } }
        self.columns = columns
        cells = Self.wanted.map(place)
        list = place("question")
        self.needs = needs
        question = QuestionFields(fields)
    }

    /// Rows of the first page of a query: nobody knows yet how much was answered, and one row can have megabytes.
    var firstPageRows: Int { list == nil ? TableScan.pageRows : TableScan.firstAttempts }

    /// The key by which attempts of a learner are sorted: time (missing first), attempt id, content id.
    func write(_ row: CassandraRow, group: UInt32, user: UnsafeRawBufferPointer, to key: inout SpoolKey) {
        key.begin(group: group)
        key.append(text: user)
        key.append(number: cell(row, Self.time).flatMap(CQLNumber.bigint) ?? .min)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        key.append(text: cell(row, Self.attempt) ?? none)
        key.append(text: cell(row, Self.content) ?? none)
    }

    /// The payload of a row. Of questions that nobody needs only their duration is kept, which is a tenth of them.
    func write(_ row: CassandraRow, to fields: inout FieldWriter) {
        fields.begin()
        for place in cells { fields.cell(place.flatMap { row.bytes($0) }) }
        switch needs {
        case .questions: fields.collection(list.flatMap { row.collection($0) })
        case .durations: fields.double(list.flatMap { question.duration(of: row.elements($0)) })
        case .none, .scores: break
        }
    }

    /// Reads a payload into a page.
    func read(_ payload: UnsafeRawBufferPointer, learner: Int, withQuestions: Bool, into page: inout AttemptPage) {
        var fields = CQLElements(fields: payload, count: Self.wanted.count + 1)
        var attempt = AttemptPage.Attempt(learner: Int32(learner))
        attempt.content = page.arena.append(optional: fields.next())
        attempt.attempt = page.arena.append(optional: fields.next())
        attempt.attemptedOn = fields.next().flatMap(CQLNumber.bigint).map(Timestamp.init(milliseconds:))
        attempt.totalScore = fields.next().flatMap(CQLNumber.double)
        attempt.totalMaxScore = fields.next().flatMap(CQLNumber.double)
        attempt.grandTotal = page.arena.append(optional: fields.next())
        if let last = fields.next() {
            if needs == .questions {
                let first = Int32(page.questions.count)
                attempt.duration = question.duration(of: CQLElements(nested: last))
                if withQuestions { question.read(last, into: &page) }
                attempt.questions = first..<Int32(page.questions.count)
            } else {
                attempt.duration = CQLNumber.double(last)
            }
        }
        page.attempts.append(attempt)
    }

    private func cell(_ row: CassandraRow, _ wanted: Int) -> UnsafeRawBufferPointer? {
        cells[wanted].flatMap { row.bytes($0) }
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

    /// The sum of the durations of questions; nil if none has one.
    func duration(of questions: CQLElements) -> Double? {
        guard let place = fields.firstIndex(of: .duration) else { return nil }
        var questions = questions
        var sum: Double?
        while !questions.isAtEnd {
            guard let bytes = questions.next() else { continue }
            var cells = CQLElements(fields: bytes, count: fields.count)
            cells.skip(place)
            if let duration = cells.next().flatMap(DecimalCell.double) { sum = (sum ?? 0) + duration }
        }
        return sum
    }

    /// Adds the questions of a list to `page`.
    func read(_ list: UnsafeRawBufferPointer, into page: inout AttemptPage) {
        var elements = CQLElements(nested: list)
        var room: [UInt8] = []
        while !elements.isAtEnd {
            guard let bytes = elements.next() else { continue }
            var question = AttemptPage.Question()
            var cells = CQLElements(fields: bytes, count: fields.count)
            for field in fields {
                guard let cell = cells.next() else { continue }
                read(field, cell, into: &question, &page.arena, &room)
            }
            page.questions.append(question)
        }
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
        case .duration: question.duration = DecimalCell.double(cell)
        case .other: break
        }
    }
}

extension ByteArena {
    /// Adds a copy of a value that may be null.
    mutating func append(optional value: UnsafeRawBufferPointer?) -> TextSlice {
        value.map { append($0) } ?? .absent
    }
}
