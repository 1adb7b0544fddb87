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
        #"{"batchId":"b1","csvByteOrderMark":"yes"}"#,
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

@Suite struct BatchFiltersTests {
    private func config(_ text: String) throws -> DatasetConfig { try DatasetConfig(json: JSONValue(parsing: text)) }

    private static let search = #"{"request":{"filters":{"identifier":["do_1"]}}}"#

    @Test func `contentFilters is a search, batchFilters keeps some of its batches, reportPath is only recorded`()
        throws
    {
        let text = #"{"batchFilters":["TPD"],"contentFilters":\#(Self.search),"reportPath":"course-progress-v2/"}"#
        let config = try config(text)
        #expect(config.selection == .search(try JSONValue(parsing: Self.search)))
        #expect(config.kept == BatchNames(ids: ["TPD"], channels: ["TPD"]))
        #expect(config.json.compactText == text)
        #expect(config.isSearch && config.countedBatches == 0)
    }

    @Test func `batchFilters names ids and channels apart where it is an object`() throws {
        let config = try config(#"{"batchFilters":{"ids":["b1","b2"],"channels":["TPD"]}}"#)
        #expect(config.selection == .named(BatchNames(ids: ["b1", "b2"], channels: ["TPD"])))
        #expect(config.kept == nil && config.isSearch && config.countedBatches == 3)
        #expect(try !self.config(#"{"batchFilters":{"ids":["b1"]}}"#).isSearch)
    }

    @Test func `batchFilters without a name keeps all beside a selection, and is none by itself`() throws {
        #expect(try config(#"{"batchId":"b1","batchFilters":[]}"#).kept == nil)
        #expect { try config(#"{"batchFilters":{}}"#) } throws: {
            ($0 as? ExhaustError)?.message.hasPrefix("Request should have either of") == true
        }
    }

    @Test func `searchFilter counts before contentFilters`() throws {
        let config = try config(#"{"contentFilters":{"a":1},"searchFilter":\#(Self.search)}"#)
        #expect(config.selection == .search(try JSONValue(parsing: Self.search)))
    }

    @Test(arguments: [
        #"{"batchId":"b1","batchFilters":"TPD"}"#, #"{"batchFilters":[1]}"#, #"{"batchFilters":{"ids":"b1"}}"#,
        #"{"contentFilters":[]}"#,
    ])
    func `what is not in form is refused`(text: String) {
        #expect { try config(text) } throws: { ($0 as? ExhaustError)?.code == .invalidInput }
    }
}
