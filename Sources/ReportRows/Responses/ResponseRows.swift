import ReportModel

/// Makes the rows of responses: one a question of every attempt, as the attempts come.
struct ResponseRows: RowMaker {
    var writer: CSVWriter
    var tally = Tally()

    private let cells: [ResponseCell]
    private let prefix: [UInt8]
    private let layout: ReportLayout
    private var audience: Audience
    private var learnerCells = LearnerCells()

    init(_ columns: ReportColumns<ResponseCell>, context: ReportContext, limits: PieceLimits) {
        writer = CSVWriter(options: context.csv, limits: limits)
        cells = columns.cells
        prefix = columns.prefix(in: context)
        layout = context.layout
        audience = Audience(context.batch)
    }

    mutating func begin(_ page: LearnerPage) {
        audience.admit(page, counting: &tally)
        learnerCells.begin(page)
    }

    mutating func add(_ attempts: AttemptPage, of page: LearnerPage, titles: ContentTitles) {
        var rows = writer.open()
        for attempt in attempts.attempts where audience.isReported[Int(attempt.learner)] {
            let title = attempts.arena.withBytes(of: attempt.content) { titles.title(of: $0) }
            let row = ResponseRow(attempt: attempt, page: attempts, title: title, titles: titles)
            if attempt.questions.isEmpty {
                write(row, nil, of: page, to: &rows)
            } else {
                for question in attempt.questions {
                    write(row, attempts.questions[Int(question)], of: page, to: &rows)
                }
            }
        }
        tally.rows += writer.close(rows)
    }

    mutating func end(_ page: LearnerPage) {}

    private mutating func write(
        _ row: ResponseRow, _ question: AttemptPage.Question?, of page: LearnerPage, to rows: inout CSVRows
    ) {
        rows.prepared(prefix)
        for cell in cells {
            switch cell {
            case .learner(let cell):
                learnerCells.write(cell, of: Int(row.attempt.learner), in: page, to: &rows)
            case .contentID: rows.text(row.attempt.content, in: row.page.arena)
            case .contentTitle: rows.text(row.title, in: row.titles.arena)
            case .attemptID: rows.text(row.attempt.attempt, in: row.page.arena)
            case .attemptedOn: writeTime(of: row.attempt, to: &rows)
            case .question(let cell):
                if let question {
                    write(cell, of: question, in: row.page.arena, to: &rows)
                } else {
                    writeAbsent(cell, to: &rows)
                }
            }
        }
        rows.endRow()
    }

    private func write(
        _ cell: QuestionCell, of question: AttemptPage.Question, in arena: ByteArena, to rows: inout CSVRows
    ) {
        switch cell {
        case .id: rows.text(question.id, in: arena)
        case .type: rows.text(question.type, in: arena)
        case .title: rows.text(question.title, in: arena)
        case .description: rows.text(question.description, in: arena)
        case .duration: writeDuration(question.duration, to: &rows)
        case .score: writePoints(question.score, to: &rows)
        case .maximum: writePoints(question.maxScore, to: &rows)
        case .options: writeJSON(question.options, in: arena, to: &rows)
        case .response: writeJSON(question.response, in: arena, to: &rows)
        }
    }

    /// Upstream prints the text `null` for the lists of an attempt without questions (upstream.md 5.5).
    private func writeAbsent(_ cell: QuestionCell, to rows: inout CSVRows) {
        if layout == .sunbird, cell == .options || cell == .response { rows.word("null") } else { rows.empty() }
    }

    private func writeTime(of attempt: AttemptPage.Attempt, to rows: inout CSVRows) {
        if layout == .sunbird {
            rows.sparkTimestamp(attempt.attemptedOn, withFraction: !attempt.isArchived)
        } else {
            rows.timestamp(attempt.attemptedOn)
        }
    }

    private func writeDuration(_ seconds: Double?, to rows: inout CSVRows) {
        rows.decimal(layout == .sunbird ? seconds?.rounded(.toNearestOrAwayFromZero) : seconds)
    }

    private func writePoints(_ points: Double?, to rows: inout CSVRows) {
        if layout == .sunbird { rows.javaDouble(points) } else { rows.decimal(points) }
    }

    private func writeJSON(_ list: TextSlice, in arena: ByteArena, to rows: inout CSVRows) {
        if layout == .documented { return rows.text(list, in: arena) }
        if list.isEmpty { return rows.word("[]") }
        arena.withBytes(of: list) { rows.sanitisedJSON($0) }
    }
}

/// What all rows of an attempt share.
private struct ResponseRow {
    let attempt: AttemptPage.Attempt
    let page: AttemptPage
    let title: TextSlice
    let titles: ContentTitles
}
