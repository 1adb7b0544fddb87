import ReportModel

extension SampleData {
    /// 2026-01-05T03:30:00Z, when the sample course begins.
    static let start = Timestamp(milliseconds: 1_767_583_800_000)

    func addProfile(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        guard learner.profile != .missing else { return 0 }
        var random = SampleRandom(seed: options.seed, purpose: 3, index: learner.index)
        lines.beginRow()
        addID("userid", learner, to: &lines)
        let isOdd = random.below(100) < 3
        lines.name("firstname")
        lines.raw(pick(isOdd ? texts.oddNames : texts.firstNames, &random))
        if learner.profile != .withoutLastName {
            lines.name("lastname")
            if learner.profile == .blankName { lines.raw("\" \"") } else { lines.raw(pick(texts.lastNames, &random)) }
        }
        addContact(learner, &random, to: &lines)
        lines.name("state")
        lines.raw(pick(texts.states, &random))
        lines.name("district")
        lines.raw(pick(texts.districts, &random))
        lines.name("block")
        lines.raw("\"Block ")
        lines.number(random.below(40))
        lines.raw("\"")
        lines.name("schoolname")
        lines.raw(pick(texts.schools, &random))
        lines.name("schooludisecode")
        lines.raw("\"29")
        lines.number(100_000_000 + random.below(900_000_000))
        lines.raw("\"")
        let belongsElsewhere = learner.profile == .otherOrganisation
        if learner.profile != .withoutOrganisation {
            lines.name("rootorgid")
            lines.text(belongsElsewhere ? SampleCourse.otherOrganisation : SampleCourse.organisation)
        }
        lines.name("orgname")
        lines.raw(belongsElsewhere ? "\"Other Board, Ltd.\"" : "\"Sample Education Board\"")
        lines.name("usertype")
        lines.raw(random.below(5) == 0 ? "\"teacher\"" : "\"student\"")
        lines.name("usersubtype")
        lines.raw("\"\"")
        lines.name("board")
        lines.raw("\"[\\\"State Board\\\"]\"")
        lines.name("status")
        lines.raw("\"1\"")
        lines.endRow()
        return 1
    }

    private func addContact(_ learner: SampleLearner, _ random: inout SampleRandom, to lines: inout JSONLines) {
        guard learner.profile != .withoutContact else { return }
        var email = encrypt("learner.\(learner.index)@example.org")
        let phone = encrypt("9\(100_000_000 + random.below(900_000_000))")
        if learner.profile == .undecryptable { email = "this was never encrypted" }
        if learner.profile == .brokenLines {
            // As one of the platform's services stores it: a line feed after each 76 characters.
            email = String(
                email.enumerated().flatMap { $0.offset > 0 && $0.offset % 76 == 0 ? ["\n", $0.element] : [$0.element] })
        }
        lines.name("email")
        lines.text(email)
        lines.name("phone")
        lines.text(phone)
    }

    func addConsent(_ learner: SampleLearner, to lines: inout JSONLines) -> Int {
        guard learner.consent != .missing else { return 0 }
        var random = SampleRandom(seed: options.seed, purpose: 4, index: learner.index)
        lines.beginRow()
        addID("user_id", learner, to: &lines)
        lines.name("consumer_id")
        lines.text(
            learner.consent == .otherOrganisation ? SampleCourse.otherOrganisation : SampleCourse.organisation)
        lines.name("object_id")
        lines.text(SampleCourse.course)
        lines.name("consumer_type")
        lines.raw("\"ORGANISATION\"")
        lines.name("status")
        switch learner.consent {
        case .revoked: lines.raw("\"REVOKED\"")
        case .lowerCase: lines.raw("\"active\"")
        default: lines.raw("\"ACTIVE\"")
        }
        switch learner.consent {
        case .expired: addExpiry("\"2026-02-01T00:00:00.000Z\"", to: &lines)
        case .unreadableExpiry: addExpiry("\"at some time\"", to: &lines)
        // Half of the others have an end that is far off, the rest none.
        default: if random.below(2) == 0 { addExpiry("\"2126-01-01T00:00:00.000Z\"", to: &lines) }
        }
        lines.name("last_updated_on")
        lines.time(moment(withinDays: 30, &random))
        lines.endRow()
        return 1
    }

    private func addExpiry(_ value: StaticString, to lines: inout JSONLines) {
        lines.name("expiry")
        lines.raw(value)
    }

    func addID(_ name: StaticString, _ learner: SampleLearner, to lines: inout JSONLines) {
        lines.name(name)
        lines.raw("\"")
        learner.appendID(to: &lines)
        lines.raw("\"")
    }

    func pick(_ texts: [[UInt8]], _ random: inout SampleRandom) -> [UInt8] { texts[random.below(texts.count)] }

    /// A moment in the first days of the course, to the millisecond.
    func moment(withinDays days: Int, _ random: inout SampleRandom) -> Timestamp {
        Timestamp(milliseconds: Self.start.milliseconds + Int64(random.below(days * 86_400_000)))
    }
}
