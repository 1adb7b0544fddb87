@testable import ReportService
import ReportModel
import Testing

@Suite struct FileNamesTests {
    @Test func `a file is named after batch, report and day`() {
        let batch = BatchKey(collection: "do_1", batch: "013307481768378368112")
        let names = FileNames.names(of: [batch], fileKey: "progress", date: "20220927")
        #expect(names[batch] == "013307481768378368112_progress_20220927")
    }

    @Test func `batches that would share a name get the collection in it`() {
        let first = BatchKey(collection: "do_1", batch: "b1")
        let second = BatchKey(collection: "do_2", batch: "b1")
        let other = BatchKey(collection: "do_2", batch: "b2")
        let names = FileNames.names(of: [first, second, other], fileKey: "response", date: "20240201")
        #expect(names[first] == "b1_do_1_response_20240201")
        #expect(names[second] == "b1_do_2_response_20240201")
        #expect(names[other] == "b2_response_20240201")
    }

    @Test(arguments: [
        ("b1", "b1"), ("../etc", "%2E.%2Fetc"), ("a/b", "a%2Fb"), (".hidden", "%2Ehidden"),
        ("a b%c", "a%20b%25c"), ("é", "%C3%A9"), ("v1.2", "v1.2"), ("", ""), ("a\0b", "a%00b"),
    ])
    func `an id is one harmless part of a path`(id: String, expected: String) {
        #expect(FileNames.encoded(id) == expected)
    }

    @Test func `several entries are numbered, one is not`() {
        #expect(FileNames.entries("b1_progress_20240201", count: 1) == ["b1_progress_20240201.csv"])
        #expect(FileNames.entries("b1", count: 2) == ["b1_part-00001.csv", "b1_part-00002.csv"])
    }
}
