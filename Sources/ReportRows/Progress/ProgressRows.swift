import ReportModel

/// Makes the rows of progress and of assessment scores: one a learner, written when all their attempts are known.
struct ProgressRows: RowMaker {
    var writer: CSVWriter
    var tally = Tally()

    private let cells: [ProgressCell]
    private let prefix: [UInt8]
    private let layout: ReportLayout
    private let failedStatuses: Set<Int32>
    private let showsProgress: Bool
    private var audience: Audience
    private var learnerCells = LearnerCells()
    private var scores: ScoreBoard
    private var completion: Completion
    private var aggregates: NestedAggregates

    init(
        _ columns: ReportColumns<ProgressCell>, course: CourseAnalysis, context: ReportContext, limits: PieceLimits
    ) {
        writer = CSVWriter(options: context.csv, limits: limits)
        cells = columns.cells
        prefix = columns.prefix(in: context)
        layout = context.layout
        failedStatuses = context.rules.certificateFailedStatuses
        showsProgress = cells.contains { $0.readsContentStatus }
        audience = Audience(context.batch)
        scores = ScoreBoard(course, context: context)
        completion = Completion(course, layout: context.layout)
        aggregates = NestedAggregates(course, collection: context.batch.batch.key.collection)
    }

    mutating func begin(_ page: LearnerPage) {
        audience.admit(page, counting: &tally)
        learnerCells.begin(page)
        scores.reset(learners: page.keys.count)
        aggregates.reset()
    }

    mutating func add(_ attempts: AttemptPage, of page: LearnerPage, titles: ContentTitles) {
        for attempt in attempts.attempts where audience.isReported[Int(attempt.learner)] {
            scores.note(attempt, of: attempts)
        }
    }

    mutating func end(_ page: LearnerPage) {
        var rows = writer.open()
        for learner in 0..<page.keys.count where audience.isReported[learner] {
            if showsProgress {
                completion.read(learner, of: page.enrolments)
                if completion.isLeafCountUnknown, cells.contains(.progress) { find(.leafCountUnknown) }
            }
            aggregates.read(learner, of: page.aggregates)
            rows.prepared(prefix)
            for cell in cells { write(cell, of: learner, in: page, to: &rows) }
            rows.endRow()
        }
        tally.rows += writer.close(rows)
    }

    private mutating func write(_ cell: ProgressCell, of learner: Int, in page: LearnerPage, to rows: inout CSVRows) {
        switch cell {
        case .learner(let cell): learnerCells.write(cell, of: learner, in: page, to: &rows)
        case .enrolmentDate: writeEnrolmentDate(of: learner, in: page.enrolments, to: &rows)
        case .completionDate: writeDate(page.enrolments.enrolments[learner].completedOn, to: &rows)
        case .progress: writeWhole(completion.percent, to: &rows)
        case .certificateStatus: writeCertificateStatus(page.enrolments.enrolments[learner], to: &rows)
        case .totalScore: writeScore(scores.total(of: learner), to: &rows)
        case .nestedProgress(let nested):
            let percent = completion.percent(
                ofNested: nested, completedCount: aggregates.completedCount(ofNested: nested))
            writeWhole(percent, to: &rows)
        case .score(let assessment): writeScore(scores.score(of: learner, in: assessment), to: &rows)
        case .timeSpent:
            let duration = scores.duration(of: learner)
            rows.decimal(aggregates.timeSpent.map { $0 + (duration ?? 0) } ?? duration)
        }
    }

    private mutating func find(_ code: Finding.Code) { tally.findings[code, default: 0] += 1 }

    private func writeWhole(_ percent: Int?, to rows: inout CSVRows) {
        if let percent { rows.integer(percent) } else { rows.empty() }
    }

    private func writeScore(_ score: Double?, to rows: inout CSVRows) {
        if layout == .sunbird { rows.percentText(score) } else { rows.decimal(score) }
    }

    private func writeDate(_ time: Timestamp?, to rows: inout CSVRows) {
        if layout == .sunbird { rows.dayMonthYear(time) } else { rows.timestamp(time) }
    }

    private func writeCertificateStatus(_ enrolment: EnrolmentPage.Enrolment, to rows: inout CSVRows) {
        if enrolment.hasCertificate { return rows.word("Issued") }
        if layout == .documented, let status = enrolment.certificateStatus, failedStatuses.contains(status) {
            return rows.word("Failed")
        }
        rows.empty()
    }

    /// The new column, else the old one, whose text upstream reads by its first ten characters (upstream.md 5.1.3).
    private mutating func writeEnrolmentDate(of learner: Int, in page: EnrolmentPage, to rows: inout CSVRows) {
        let enrolment = page.enrolments[learner]
        if let date = enrolment.enrolledOn { return writeDate(date, to: &rows) }
        if enrolment.enrolledText.isEmpty {
            find(.enrolmentDateMissing)
            return rows.empty()
        }
        let isDayOnly = layout == .sunbird
        let date = page.arena.withBytes(of: enrolment.enrolledText) { text in
            Timestamp(parsing: isDayOnly ? UnsafeRawBufferPointer(rebasing: text.prefix(10)) : text)
        }
        if date == nil { find(.enrolmentDateUnreadable) }
        writeDate(date, to: &rows)
    }
}

extension ProgressCell {
    /// Whether it needs the map `contentstatus`.
    var readsContentStatus: Bool {
        switch self {
        case .progress, .nestedProgress: true
        default: false
        }
    }
}
