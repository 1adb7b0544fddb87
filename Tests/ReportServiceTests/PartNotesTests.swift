@testable import ReportService
import ReportModel
import Testing

@Suite struct PartNotesTests {
    @Test func `counts and findings come back as they were`() throws {
        var tally = Tally()
        tally.learners = 12
        tally.rows = 9
        tally.leftOut = [.inactive: 2, .consentMissing: 1]
        tally.findings = [.profileMissing: 3]
        let notes = PartNotes(isLast: true, tally: tally)
        let read = try PartNotes(bytes: notes.bytes)
        #expect(read == notes)
        #expect(read.tally.reported == 9)
        #expect(read.tally.leftOut.keys.sorted().map(\.severity) == [.information, .information])
    }

    @Test(arguments: ["", "[]", "{}", #"{"last":true,"learners":1,"rows":1,"findings":[["x"]]}"#])
    func `notes of another form are damaged, not ignored`(text: String) {
        #expect(throws: (any Error).self) { try PartNotes(bytes: Array(text.utf8)) }
    }
}
