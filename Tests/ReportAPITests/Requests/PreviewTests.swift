import ReportModel
import ReportPorts
import ReportRows
@testable import ReportService
import ReportTesting
import Testing

@Suite struct PreviewTests {
    static let reports = ["progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report"]

    /// Fixtures whose every personal value is found again by a word of its own.
    private static func tables(_ learners: Int = 23) -> ImportTables {
        var tables = CourseTables.make(learners)
        for number in 0..<learners {
            tables.add(
                [
                    "userid": CourseTables.user(number), "firstname": "Quibble\(number)",
                    "lastname": "Private\(number)",
                    "email": "enc:secret\(number)@example.org", "phone": "enc:55501\(number)", "rootorgid": "org-1",
                    "state": "Kerala",
                ], to: "user")
        }
        return tables
    }

    private func preview(_ scene: RequestScene, _ body: String) async throws -> JSONValue {
        let answer = await scene.post("/v1/preview", body)
        #expect(answer.status == 200)
        return try await answer.json()
    }

    @Test(arguments: reports, ["documented", "sunbird"])
    func `no personal value of a learner is in a preview`(report: String, layout: String) async throws {
        guard try ReportRegistry.standard.report(named: report).layouts.contains(where: { $0.rawValue == layout })
        else {
            return
        }
        let scene = try RequestScene(Self.tables())
        let body = #"{"report":"\#(report)","batchId":"b1","layout":"\#(layout)"}"#
        let text = try await preview(scene, body).compactText
        // Not in vain: the file holds them.
        let config = DatasetConfig(selection: .batch("b1"), layout: ReportLayout(rawValue: layout))
        let csv = String(decoding: try await scene.service.plainCSV(report, config), as: UTF8.self)
        #expect(csv.contains(CourseTables.user(1)))
        for number in 0..<23 {
            #expect(!text.contains(CourseTables.user(number)))
        }
        for word in ["Quibble", "Private", "secret", "55501", "attempt-", CourseTables.marker] {
            #expect(!text.contains(word), "\(word)")
        }
        if report == "userinfo-exhaust" { #expect(csv.contains("secret1@example.org") && csv.contains("55501")) }
        if report == "response-exhaust" { #expect(csv.contains("attempt-") && csv.contains(CourseTables.marker)) }
    }

    @Test(arguments: reports)
    func `what a preview shows is what the file has`(report: String) async throws {
        let scene = try RequestScene(Self.tables())
        let shown = try await preview(scene, #"{"report":"\#(report)","batchId":"b1"}"#)
        let csv = try await scene.service.plainCSV(report)
        let file = CSVCells.rows(csv, limit: 21)
        let columns = try #require(shown["columns"]?.elements)
        #expect(columns.map { $0["label"]?.text } == file[0])
        let rows = try #require(shown["rows"]?.elements)
        #expect(rows.count == min(20, CSVCells.rows(csv, limit: .max).count - 1))
        var hidden = 0
        for (row, expected) in zip(rows, file.dropFirst()) {
            let cells = row.elements?.compactMap(\.text) ?? []
            #expect(cells.count == expected.count)
            for (place, cell) in cells.enumerated() where cell != expected[place] {
                #expect(cell == Preview.mask && columns[place]["isPersonal"]?.bool == true)
                hidden += 1
            }
        }
        #expect(hidden > 0)
    }

    @Test func `a preview tells counts, level, rule and what is left out, and is written down`() async throws {
        let scene = try RequestScene(Self.tables())
        let shown = try await preview(scene, #"{"report":"progress-exhaust","batchFilter":["b1","b2"]}"#)
        #expect(shown["learners"]?.integer == 32 && shown["level"]?.text == "PASSWORD_PROTECTED_DATASET")
        #expect(shown["needsPassword"]?.bool == true && shown.at("passwordRule.minimumCharacters")?.integer == 12)
        #expect((20...32).contains(shown["rowsEstimate"]?.integer ?? 0))
        #expect(shown["findings"]?.elements?.contains { $0["code"]?.text == "inactive" } == true)
        #expect((shown["bytesEstimate"]?.integer ?? 0) > 2_000 && shown["secondsEstimate"]?.double != nil)
        #expect(scene.audit.all.map(\.action) == [.preview] && scene.audit.all[0].batches == ["b1", "b2"])
        #expect(try await scene.get("/v1/requests").json()["requests"]?.elements?.isEmpty == true)
    }

    @Test func `the size that is foretold is that of the file`() async throws {
        let scene = try RequestScene(Self.tables(2_000))
        let shown = try await preview(scene, #"{"report":"progress-exhaust","batchId":"b1"}"#)
        let address = try await scene.finished()
        let file = try await scene.get(address).json()
        let bytes = try #require(file.at("files.0.bytes")?.integer)
        let rows = try #require(file.at("files.0.rows")?.integer)
        let (bytesForetold, rowsForetold) = (
            try #require(shown["bytesEstimate"]?.integer), try #require(shown["rowsEstimate"]?.integer)
        )
        #expect(abs(rowsForetold - rows) <= rows / 10)
        #expect(bytesForetold > bytes / 3 && bytesForetold < bytes * 3)
    }

    @Test func `previews are for who may have the report, about batches that they may have`() async throws {
        let scene = try RequestScene()
        let body = #"{"report":"progress-exhaust","batchId":"b1"}"#
        for caller in ["guest@org-1", "mentor-1@org-1"] {
            #expect(await scene.post("/v1/preview", body, as: caller).status == 403)
        }
        #expect(scene.audit.all.allSatisfy { $0.action == .refused })
        for (body, status) in [
            (#"{"report":"userinfo-exhaust","batchId":"b3"}"#, 403),
            (#"{"report":"progress-exhaust","batchId":"b77"}"#, 404),
            (#"{"report":"progress-exhaust","batchId":"b0"}"#, 403), (#"{"report":"none","batchId":"b1"}"#, 400),
        ] { #expect(await scene.post("/v1/preview", body).status == status) }
    }

    @Test func `a preview that takes too long is given up`() async throws {
        let scene = try RequestScene()
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let previewing = Previewing(ports: scene.service.ports(), settings: ServiceSettings())
        let clock = scene.service.clock
        async let outcome = previewing.preview(
            of: try ReportRegistry.standard.report(named: "progress-exhaust"),
            config: DatasetConfig(selection: .batch("b1")), channel: "org-1"
        ) { _ in
            arrive.finish()
            try await clock.sleep(seconds: 3_600)
        }
        for await _ in arrived {}
        await clock.whenAsleep(2)
        clock.advance(seconds: 20)
        var code: ExhaustError.Code?
        do { _ = try await outcome } catch let error as ExhaustError { code = error.code }
        #expect(code == .unavailable)
    }

    @Test func `cells in quotes are read back as they were`() {
        let csv = Array("a,\"b,\"\"c\"\"\nd\",,é\n'=x,\"\",3\n".utf8)
        #expect(CSVCells.rows(csv, limit: 5) == [["a", "b,\"c\"\nd", "", "é"], ["'=x", "", "3"]])
        #expect(CSVCells.rows(csv, limit: 1).count == 1)
    }

    @Test func `a column that does not say so is personal`() {
        let columns = [ColumnDescription("a", meaning: "", source: "")]
        #expect(
            Preview.masked([["x", "y"], ["", ""]], columns: columns) == [[Preview.mask, Preview.mask], ["", ""]])
    }
}
