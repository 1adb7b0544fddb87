import ReportModel
import ReportService
import Testing

@Suite struct DatasetConfigTests {
    private func config(_ text: String) throws -> DatasetConfig { try DatasetConfig(json: JSONValue(parsing: text)) }

    @Test func `batchId counts before batchFilter, and that before searchFilter`() throws {
        let all = #"{"searchFilter":{"request":{}},"batchFilter":["b2"],"batchId":"b1"}"#
        #expect(try config(all).selection == .batch("b1"))
        #expect(try config(#"{"searchFilter":{},"batchFilter":["b2","b2"]}"#).selection == .batches(["b2", "b2"]))
        #expect(try config(#"{"batchId":""}"#).selection == .batch(""))
    }

    @Test func `repeated batches count against the limit, a search does not`() throws {
        #expect(try config(#"{"batchFilter":["b2","b2"]}"#).countedBatches == 2)
        #expect(try config(#"{"searchFilter":{}}"#).countedBatches == 0)
    }

    @Test func `without any batch the error is the one that tools know`() {
        #expect(
            throws: ExhaustError(
                .invalidInput, "Request should have either of batchId, batchFilter, searchFilter or encrption key")
        ) {
            try config("{}")
        }
    }

    @Test(arguments: [
        "[]", #"{"batchId":5}"#, #"{"batchFilter":"b1"}"#, #"{"batchFilter":[1]}"#, #"{"searchFilter":"x"}"#,
        #"{"batchId":"b1","layout":"pretty"}"#, #"{"batchId":"b1","csvColumns":"userid"}"#,
    ])
    func `what is not in form is refused`(text: String) {
        #expect { try config(text) } throws: { ($0 as? ExhaustError)?.code == .invalidInput }
    }

    @Test func `a config of the command line has the form of one from outside`() throws {
        let made = DatasetConfig(selection: .batch("b1"), layout: .sunbird, columns: ["userid"])
        #expect(made.json.compactText == #"{"batchId":"b1","layout":"sunbird","csvColumns":["userid"]}"#)
        let read = try DatasetConfig(json: made.json)
        #expect(read == made)
    }
}
