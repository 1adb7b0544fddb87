import ReportModel

/// Makes the rows of user info: one for each learner who agreed.
struct UserInfoRows: RowMaker {
    var writer: CSVWriter
    var tally = Tally()

    private let cells: [UserInfoCell]
    private let prefix: [UInt8]
    private let layout: ReportLayout
    private let decrypter: (any PersonalDataDecrypter)?
    private let consentRule: ConsentRule
    private var audience: Audience
    private var learnerCells = LearnerCells()
    private var plain: [UInt8] = []

    private static let email = ProfileField.email.index
    private static let phone = ProfileField.phone.index

    init(_ columns: ReportColumns<UserInfoCell>, context: ReportContext, limits: PieceLimits) {
        writer = CSVWriter(options: context.csv, limits: limits)
        cells = columns.cells
        prefix = columns.prefix(in: context)
        layout = context.layout
        decrypter = context.decrypter
        consentRule = ConsentRule(asOf: context.asOf)
        audience = Audience(context.batch)
    }

    mutating func begin(_ page: LearnerPage) {
        audience.admit(page, counting: &tally) { [consentRule] learner in
            // A page without consent is a page of learners who never gave it.
            guard let consents = page.consents else { return .consentMissing }
            return consentRule.objection(of: learner, in: consents)
        }
        learnerCells.begin(page)
    }

    mutating func add(_ attempts: AttemptPage, of page: LearnerPage, titles: ContentTitles) {}

    mutating func end(_ page: LearnerPage) {
        var rows = writer.open()
        for learner in 0..<page.keys.count where audience.isReported[learner] {
            rows.prepared(prefix)
            for cell in cells { write(cell, of: learner, in: page, to: &rows) }
            rows.endRow()
        }
        tally.rows += writer.close(rows)
    }

    private mutating func write(_ cell: UserInfoCell, of learner: Int, in page: LearnerPage, to rows: inout CSVRows) {
        switch cell {
        case .learner(let cell): learnerCells.write(cell, of: learner, in: page, to: &rows)
        case .email:
            decrypt(learnerCells.value(Self.email, of: learner, in: page.profiles), in: page.profiles.arena)
            rows.text(plain)
        case .phone:
            decrypt(learnerCells.value(Self.phone, of: learner, in: page.profiles), in: page.profiles.arena)
            rows.telephone(plain)
        case .consent: rows.word("true")
        case .consentDate:
            let date = page.consents?.consents[learner]?.updatedOn
            if layout == .sunbird { rows.dayMonthYear(date) } else { rows.timestamp(date) }
        }
    }

    /// Leaves the value in `plain`; nothing, and a finding, if it does not decrypt.
    private mutating func decrypt(_ stored: TextSlice, in arena: ByteArena) {
        plain.removeAll(keepingCapacity: true)
        if stored.isEmpty { return }
        let isDecrypted = arena.withBytes(of: stored) { decrypter?.decrypt($0, into: &plain) ?? false }
        if !isDecrypted {
            plain.removeAll(keepingCapacity: true)
            tally.findings[.notDecrypted, default: 0] += 1
        }
    }
}
