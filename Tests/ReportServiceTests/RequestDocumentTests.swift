import ReportModel
import ReportPorts
import Testing

@testable import ReportService

@Suite struct RequestDocumentTests {
    private static func file(_ name: String, bytes: Int64, rows: Int) -> FinishedFile {
        FinishedFile(
            batch: BatchKey(collection: "do_1", batch: name), path: "progress-exhaust/\(name).zip", fileBytes: bytes,
            csvBytes: 9,
            receipt: """
                {"batch":{"id":"\(name)"},"counts":{"rows":\(rows)},\
                "leftOut":[{"code":"inactive","severity":"information","count":2,"meaning":"enrolment is not active"}]}
                """)
    }

    private static func document(paths: [String], _ change: (inout JobRun) -> Void) -> JSONValue {
        var request = JobRequest(
            tag: "t:c", requestID: "A", reportID: "progress-exhaust", requestData: "{}", requestedBy: "u",
            requestedChannel: "c", submittedAt: Timestamp(milliseconds: 0))
        request.downloadPaths = paths
        var run = JobRun(layout: .documented)
        change(&run)
        return RequestDocument(
            stored: StoredRequest(request: request, run: run), reportTitle: "Progress", layout: .documented
        ).json(for: nil)
    }

    @Test func `files that can still be had while new ones are made keep their size, rows and receipt`() {
        let document = Self.document(paths: ["progress-exhaust/b1.zip", "progress-exhaust/b2.zip"]) { run in
            run.earlierFiles = [Self.file("b1", bytes: 700, rows: 5), Self.file("b2", bytes: 800, rows: 6)]
            run.receipt = "{\"batches\":[\(run.earlierFiles.map(\.receipt).joined(separator: ","))]}"
        }
        #expect(document["files"]?.elements?.map { $0["bytes"]?.integer } == [700, 800])
        #expect(document["files"]?.elements?.map { $0["rows"]?.integer } == [5, 6])
        #expect(document["files"]?.elements?.map { $0["batchId"]?.text } == ["b1", "b2"])
        #expect(document["leftOut"]?.elements?.first?["count"]?.integer == 4)
    }

    @Test func `a file that was made anew under its old path is told as the new one`() {
        let document = Self.document(paths: ["progress-exhaust/b1.zip"]) { run in
            run.earlierFiles = [Self.file("b1", bytes: 700, rows: 5)]
            run.files = [Self.file("b1", bytes: 900, rows: 7)]
        }
        #expect(document["files"]?.elements?.map { $0["bytes"]?.integer } == [900])
    }

    @Test func `of another program's file nothing is made up`() {
        let file = Self.document(paths: ["elsewhere/x.zip"]) { _ in }["files"]?.elements?.first
        #expect(file?["name"]?.text == "x.zip" && file?["bytes"] == .null && file?["rows"] == .null)
    }
}
