import ReportModel
import SQLiteAccess

extension Database {
    /// Enrolments of a page of learners: one stretch of the table.
    func enrolments(of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool) throws -> EnrolmentPage {
        var page = EnrolmentPage()
        page.enrolments = Array(repeating: EnrolmentPage.Enrolment(), count: keys.count)
        guard keys.count > 0, let number = try batchNumber(batch) else { return page }
        let query = RangeQuery(
            "userid, active, enrolled_date, completedon, has_certificate, certstatus, enrolleddate"
                + (withContentStatus ? ", contentstatus" : ""),
            from: "user_enrolments", scope: "batch", user: "userid", range: keys.range)
        var matcher = LearnerMatcher(keys)
        var names = NameSlices()
        try with(query.sql) { statement in
            try query.bind(statement, scope: number)
            while try statement.step() {
                guard let id = statement.bytes(0), let learner = matcher.learner(id) else { continue }
                var enrolment = EnrolmentPage.Enrolment()
                enrolment.isActive = statement.integer(1) != 0
                enrolment.enrolledOn = statement.optionalInteger(2).map(Timestamp.init(milliseconds:))
                enrolment.completedOn = statement.optionalInteger(3).map(Timestamp.init(milliseconds:))
                enrolment.hasCertificate = statement.integer(4) != 0
                enrolment.certificateStatus = statement.optionalInteger(5).map { Int32(clamping: $0) }
                if enrolment.enrolledOn == nil {
                    enrolment.enrolledText = page.arena.append(optional: statement.bytes(6))
                }
                if withContentStatus, let cell = statement.bytes(7) {
                    do throws(JSONFault) {
                        enrolment.contentStatus = try page.readContentStatus(cell, &names)
                    } catch {
                        throw damagedCell("user_enrolments", "contentstatus", error)
                    }
                }
                page.enrolments[learner] = enrolment
            }
        }
        return page
    }
}

extension EnrolmentPage {
    fileprivate mutating func readContentStatus(
        _ cell: UnsafeRawBufferPointer, _ names: inout NameSlices
    ) throws(JSONFault) -> Range<Int32> {
        let start = Int32(contentStatus.count)
        var scanner = JSONScanner(cell)
        names.begin()
        try scanner.forEachNumber { key, number throws(JSONFault) in
            guard let status = Int32(exactly: number) else { throw JSONFault("a status is no whole number") }
            contentStatus.append(ContentStatus(content: names.slice(of: key, in: &arena), status: status))
        }
        return start..<Int32(contentStatus.count)
    }
}

/// Keeps names that come again and again, in nearly the same order, once in a page. Keeps pages small enough for the
/// processor's cache; it promises nothing to readers.
struct NameSlices {
    /// Names that are remembered; the search for one is a walk.
    private static let limit = 1_024
    private var known: [TextSlice] = []
    private var place = 0

    /// Another list of names begins.
    mutating func begin() { place = 0 }

    @inline(__always)
    mutating func slice(of name: UnsafeRawBufferPointer, in arena: inout ByteArena) -> TextSlice {
        var index = place
        while index < known.count {
            let order = arena.withBytes(of: known[index]) { compareBytes($0, name) }
            if order == 0 {
                place = index + 1
                return known[index]
            }
            // Names are sorted in each list, and so is what is known.
            if order > 0 { break }
            index += 1
        }
        let slice = arena.append(name)
        guard known.count < Self.limit else { return slice }
        known.insert(slice, at: index)
        place = index + 1
        return slice
    }
}
