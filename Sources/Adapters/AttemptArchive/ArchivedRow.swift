import ReportModel
import SealedSpool

/// Where the columns of an archive are, by its header row, and what becomes of a row between the file and a page.
struct ArchivedColumns: Sendable {
    private static let needed = ["user_id", "course_id", "batch_id", "content_id", "attempt_id", "question"]
    /// The cells of a payload.
    private static let kept = [
        "content_id", "attempt_id", "last_attempted_on", "total_score", "total_max_score", "grand_total", "question",
    ]

    private let places: [String: Int]

    /// Throws if a column is missing.
    init(header: [[UInt8]]) throws(ExhaustError) {
        places = Dictionary(
            header.enumerated().map { (String(decoding: $1, as: UTF8.self), $0) },
            uniquingKeysWith: { first, _ in first })
        for name in Self.needed where places[name] == nil {
            throw ExhaustError(.dataDamaged, "it has no column \(name)")
        }
    }

    /// Whether a row is about `batch`.
    func isAbout(_ batch: BatchKey, _ cells: [[UInt8]]) -> Bool {
        cell("course_id", cells).elementsEqual(batch.collection.utf8)
            && cell("batch_id", cells).elementsEqual(batch.batch.utf8)
    }

    /// By learner, time (missing first), attempt, content.
    func key(_ cells: [[UInt8]]) -> SpoolKey {
        var key = SpoolKey(group: 0)
        key.append(text: cell("user_id", cells))
        key.append(number: Self.time(cell("last_attempted_on", cells))?.milliseconds ?? .min)
        key.append(text: cell("attempt_id", cells))
        key.append(text: cell("content_id", cells))
        return key
    }

    /// The payload: of each cell its length as a 32-bit number, then its bytes.
    func payload(_ cells: [[UInt8]]) -> [UInt8] {
        var payload: [UInt8] = []
        for name in Self.kept {
            let cell = cell(name, cells)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: cell.count)) { payload.append(contentsOf: $0) }
            payload += cell
        }
        return payload
    }

    /// Reads a payload into a page.
    static func read(_ payload: UnsafeRawBufferPointer, learner: Int, into page: inout AttemptPage) throws {
        var rest = payload
        func next() -> UnsafeRawBufferPointer {
            let count = Int(rest.loadUnaligned(as: UInt32.self))
            let cell = UnsafeRawBufferPointer(rebasing: rest[4..<4 + count])
            rest = UnsafeRawBufferPointer(rebasing: rest[(4 + count)...])
            return cell
        }
        var attempt = AttemptPage.Attempt(learner: Int32(learner))
        attempt.content = filled(next(), &page.arena)
        attempt.attempt = filled(next(), &page.arena)
        attempt.attemptedOn = time(Array(next()))
        attempt.totalScore = number(next())
        attempt.totalMaxScore = number(next())
        attempt.grandTotal = filled(next(), &page.arena)
        let questions = next()
        let first = Int32(page.questions.count)
        if !questions.isEmpty {
            // One that is cut off or no JSON is a damaged archive, and not an attempt without questions.
            for question in try JSONValue(parsing: Array(questions), name: "column question").elements ?? [] {
                let read = Self.question(question, &page.arena)
                if let duration = read.duration { attempt.duration = (attempt.duration ?? 0) + duration }
                page.questions.append(read)
            }
        }
        attempt.questions = first..<Int32(page.questions.count)
        page.attempts.append(attempt)
    }

    private func cell(_ name: String, _ cells: [[UInt8]]) -> [UInt8] {
        places[name].flatMap { $0 < cells.count ? cells[$0] : nil } ?? []
    }

    private static func filled(_ cell: UnsafeRawBufferPointer, _ arena: inout ByteArena) -> TextSlice {
        // Spark writes no value and an empty one alike.
        cell.isEmpty ? .absent : arena.append(cell)
    }

    private static func number(_ cell: UnsafeRawBufferPointer) -> Double? {
        cell.isEmpty ? nil : Double(String(decoding: cell, as: UTF8.self))
    }

    /// Milliseconds, or a moment in one of the known forms.
    private static func time(_ cell: [UInt8]) -> Timestamp? {
        let text = String(decoding: cell, as: UTF8.self)
        return Int64(text).map(Timestamp.init(milliseconds:)) ?? (text.isEmpty ? nil : Timestamp(text))
    }

    private static func question(_ json: JSONValue, _ arena: inout ByteArena) -> AttemptPage.Question {
        func text(_ name: String) -> TextSlice {
            guard let value = json[name], !value.isNull else { return .absent }
            return arena.append(value.text ?? value.sortedText)
        }
        func number(_ name: String) -> Double? { json[name].flatMap { $0.double ?? $0.text.flatMap(Double.init) } }
        func list(_ name: String) -> TextSlice {
            guard let value = json[name], !value.isNull else { return .absent }
            return arena.append(value.sortedText)
        }
        var question = AttemptPage.Question()
        question.id = text("id")
        question.type = text("type")
        question.title = text("title")
        question.description = text("description")
        question.duration = number("duration")
        question.score = number("score")
        question.maxScore = number("max_score")
        question.options = list("params")
        question.response = list("resvalues")
        return question
    }
}
