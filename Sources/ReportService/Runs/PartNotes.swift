import ReportModel

/// What a part carries besides its rows: counts and findings of its range, in the last part of the range.
struct PartNotes: Sendable, Hashable {
    /// Whether no further part of the range follows.
    var isLast: Bool
    /// Counts of the range; empty in all parts but the last.
    var tally: Tally

    init(isLast: Bool, tally: Tally) {
        self.isLast = isLast
        self.tally = tally
    }

    /// The notes as JSON bytes.
    var bytes: [UInt8] {
        let json = JSONValue.members(
            ("last", .bool(isLast)), ("learners", .integer(tally.learners)), ("rows", .integer(tally.rows)),
            ("leftOut", Self.json(tally.leftOut)), ("findings", Self.json(tally.findings)))
        return Array(json.compactText.utf8)
    }

    /// Reads notes. Throws `dataDamaged`, which cannot happen to a part whose seal is whole.
    init(bytes: [UInt8]) throws {
        let json = try JSONValue(parsing: bytes)
        guard let isLast = json["last"]?.bool, let learners = json["learners"]?.integer,
            let rows = json["rows"]?.integer
        else { throw Self.damaged }
        self.isLast = isLast
        tally = Tally()
        tally.learners = Int(learners)
        tally.rows = Int(rows)
        tally.leftOut = try Self.counts(json["leftOut"])
        tally.findings = try Self.counts(json["findings"])
    }

    private static let damaged = ExhaustError(.dataDamaged, "part: its notes are not in the form of this version")

    private static func json(_ counts: [Finding.Code: Int]) -> JSONValue {
        .array(
            counts.sorted { $0.key < $1.key }.map { code, count in
                .array([
                    .string(code.name), .string(code.severity.rawValue), .string(code.meaning), .integer(count),
                ])
            })
    }

    private static func counts(_ json: JSONValue?) throws(ExhaustError) -> [Finding.Code: Int] {
        var counts: [Finding.Code: Int] = [:]
        for entry in json?.elements ?? [] {
            guard let fields = entry.elements, fields.count == 4, let name = fields[0].text,
                let severity = fields[1].text.flatMap(Finding.Severity.init(rawValue:)), let meaning = fields[2].text,
                let count = fields[3].integer
            else { throw damaged }
            counts[Finding.Code(name, severity, meaning)] = Int(count)
        }
        return counts
    }
}
