public import ReportModel
public import ReportPorts

/// Learner data in memory, read in the plainest way: what adapters are compared with, and what tests of the service use.
public struct MemoryLearners: LearnerStore {
    let tables: ImportTables
    /// The version that runs are told.
    public var dataVersion: String?
    /// The time that runs are told.
    public var dataTime: Timestamp?

    /// The sources of these tables.
    public init(_ tables: ImportTables, dataVersion: String? = "1", dataTime: Timestamp? = Timestamp(milliseconds: 0)) {
        self.tables = tables
        self.dataVersion = dataVersion
        self.dataTime = dataTime
    }

    /// Opening costs nothing, and nothing changes meanwhile.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        LearnerSources(
            roster: self, enrolments: self, aggregates: self, attempts: self, archive: self, profiles: self,
            consents: self, catalogue: MemoryCatalogue(tables), dataVersion: dataVersion, dataTime: dataTime, close: {})
    }

    /// Rows of a table by the values of some columns; of rows with the same values in `key` only the last.
    func rows(_ table: String, where wanted: [String: String], key: [String]) -> [JSONValue] {
        var places: [[String?]: Int] = [:]
        var found: [JSONValue] = []
        for row in tables.rows[table] ?? [] {
            guard wanted.allSatisfy({ row[$0.key]?.cellText == $0.value }) else { continue }
            let identity = key.map { row[$0]?.cellText }
            if let place = places[identity] {
                found[place] = row
            } else {
                places[identity] = found.count
                found.append(row)
            }
        }
        return found
    }

    /// The rows of a page's learners, by learner.
    func rows(_ table: String, of keys: LearnerKeys, user: String, where wanted: [String: String], key: [String])
        -> [[JSONValue]]
    {
        let byUser = Dictionary(grouping: rows(table, where: wanted, key: key)) { $0[user]?.cellText ?? "" }
        return keys.ids.map { byUser[keys.arena.text($0)] ?? [] }
    }
}

/// Whether a text comes before another in UTF-8 byte order.
func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

extension MemoryLearners: RosterSource {
    /// As `RosterSource` says.
    public func plan(of batch: BatchKey, learnersPerRange: Int) async throws -> RosterPlan {
        let ids = roster(batch)
        let bounds = stride(from: learnersPerRange, to: ids.count, by: learnersPerRange).map { Array(ids[$0 - 1].utf8) }
        let ranges = zip([nil] + bounds, bounds + [nil]).map { UserRange(after: $0, through: $1) }
        return RosterPlan(count: ids.count, ranges: ranges)
    }

    /// As `RosterSource` says.
    public func page(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) async throws -> LearnerKeys {
        let start = after ?? range.after
        let rest = roster(batch).filter { id in
            if let start, !start.lexicographicallyPrecedes(id.utf8) { return false }
            if let end = range.through, end.lexicographicallyPrecedes(id.utf8) { return false }
            return true
        }
        var arena = ByteArena()
        let ids = rest.prefix(limit).map { arena.append($0) }
        let end = rest.count < limit ? range.through : rest.prefix(limit).last.map { Array($0.utf8) } ?? range.through
        return LearnerKeys(arena: arena, ids: ids, range: UserRange(after: start, through: end))
    }

    private func roster(_ batch: BatchKey) -> [String] {
        rows(
            "user_enrolments", where: ["courseid": batch.collection, "batchid": batch.batch], key: ["userid"]
        ).compactMap { $0["userid"]?.cellText }.sorted(by: precedes)
    }
}

extension MemoryLearners: EnrolmentSource {
    /// As `EnrolmentSource` says.
    public func enrolments(
        of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool
    ) async throws -> EnrolmentPage {
        var page = EnrolmentPage()
        let wanted = ["courseid": batch.collection, "batchid": batch.batch]
        for rows in rows("user_enrolments", of: keys, user: "userid", where: wanted, key: ["userid"]) {
            var enrolment = EnrolmentPage.Enrolment()
            if let row = rows.last {
                enrolment.isActive = row["active"]?.cellBool ?? false
                enrolment.enrolledOn = row["enrolled_date"]?.cellTime
                if enrolment.enrolledOn == nil, let text = row["enrolleddate"]?.cellText {
                    enrolment.enrolledText = page.arena.append(text)
                }
                enrolment.completedOn = row["completedon"]?.cellTime
                enrolment.certificateStatus = row["certstatus"]?.cellNumber.map { Int32($0) }
                enrolment.hasCertificate = try ["issued_certificates", "certificates"].contains {
                    try row[$0]?.cellJSON()?.elements?.isEmpty == false
                }
                if withContentStatus {
                    let start = Int32(page.contentStatus.count)
                    let entries = try row["contentstatus"]?.cellJSON()?.objectMembers ?? []
                    for entry in entries.sorted(by: { precedes($0.name, $1.name) }) {
                        guard let status = entry.value.cellNumber else { continue }
                        page.contentStatus.append(
                            EnrolmentPage.ContentStatus(content: page.arena.append(entry.name), status: Int32(status)))
                    }
                    enrolment.contentStatus = start..<Int32(page.contentStatus.count)
                }
            }
            page.enrolments.append(enrolment)
        }
        return page
    }
}
