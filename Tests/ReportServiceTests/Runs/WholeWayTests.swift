import JobLifecycle
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import ReportTesting
import SecureArchive
import Testing

/// Submit, work, open: on ports in memory.
@Suite struct WholeWayTests {
    private func scene(_ settings: ServiceSettings = ServiceSettings()) throws -> ServiceScene {
        var scene = try ServiceScene(CourseTables.make(), settings: settings)
        scene.decrypter = PrefixDecrypter()
        return scene
    }

    static let reports = ["progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report"]

    @Test(arguments: reports) func `a request becomes the file that the report says`(report: String) async throws {
        let scene = try scene()
        let submission = try await scene.submit(report)
        #expect(submission.effect == .created)
        try await scene.work()
        let archive = try await scene.archive(submission.key)
        #expect(try archive.csv == (try await scene.plainCSV(report)))
        #expect(archive.entries.allSatisfy { $0.protection == .aes(keyBits: 256) })
        let request = try await scene.stored(submission.key).request
        let definition = try ReportRegistry.standard.report(named: report)
        let name = "b1_\(definition.fileKey)_20240131"
        #expect(request.downloadPaths == ["\(report)/\(request.requestID)/\(name).zip"])
        #expect(archive.names == ["\(name).csv", "receipt.json", "dictionary.csv"])
        #expect(request.iteration == 0)
        #expect(
            request.processedBatches == [
                ProcessedBatch(
                    channel: "org-1", batchID: "b1", filePath: "\(report)/\(request.requestID)/\(name).csv",
                    fileSize: Int64(try archive.csv.count))
            ])
    }

    @Test(arguments: reports) func `a request can ask for the byte order mark, or do without it`(report: String)
        async throws
    {
        for (isSet, wanted) in [(false, true), (true, false)] {
            var settings = ServiceSettings()
            settings.csv.byteOrderMark = isSet
            let scene = try scene(settings)
            let json: JSONValue = .members(("batchId", .string("b1")), ("csvByteOrderMark", .bool(wanted)))
            let submission = try await scene.submit(report, DatasetConfig(json: json))
            try await scene.work()
            let archive = try await scene.archive(submission.key)
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            settings.csv.byteOrderMark = wanted
            #expect(try archive.csv == (try await scene.plainCSV(report, settings: settings)))
            #expect(try archive.csv.starts(with: mark) == wanted)
            #expect(try archive.bytes("dictionary.csv").starts(with: mark) == wanted)
            #expect(try archive.receipt["settings"]?["csv.bom"] == .bool(wanted))
        }
    }

    @Test(arguments: reports) func `the receipt tells what is in the file`(report: String) async throws {
        let scene = try scene()
        let submission = try await scene.submit(report)
        try await scene.work()
        let archive = try await scene.archive(submission.key)
        let csv = try archive.csv
        let receipt = try archive.receipt
        let entry = try #require(receipt["entries"]?.elements?.first)
        #expect(entry["sha256"]?.text == Hexadecimal.text(try SHA256.hash(csv)))
        #expect(entry["bytes"]?.integer == Int64(csv.count))
        #expect(entry["rows"]?.integer == Int64(lineCount(csv) - 1))
        #expect(entry["name"]?.text == archive.csvNames[0])
        #expect(receipt["requestId"]?.text == submission.request.requestID)
        #expect(receipt["report"]?.text == report)
        #expect(receipt["level"]?.text == "PASSWORD_PROTECTED_DATASET")
        #expect(receipt["batch"]?["collectionName"]?.text == "Course, first")
        let counts = try #require(receipt["counts"])
        #expect(counts["enrolled"]?.integer == 23)
        #expect(counts["rows"]?.integer == Int64(lineCount(csv) - 1))
        let leftOut = (receipt["leftOut"]?.elements ?? []).compactMap { $0["count"]?.integer }.reduce(0, +)
        #expect(counts["reported"]?.integer == 23 - leftOut)
        #expect(leftOut > 0)
        #expect(!(try archive.text("receipt.json")).contains(CourseTables.marker))
        // What is kept with the request is the same.
        let kept = try #require(try await scene.stored(submission.key).run?.receipt)
        #expect(try JSONValue(parsing: kept)["batches"]?.elements == [receipt])
    }

    @Test(arguments: reports) func `the dictionary explains every column of the file`(report: String) async throws {
        let scene = try scene()
        let submission = try await scene.submit(report)
        try await scene.work()
        let archive = try await scene.archive(submission.key)
        let header = try #require(String(decoding: try archive.csv, as: UTF8.self).split(separator: "\n").first)
        let labels = try archive.text("dictionary.csv").split(separator: "\n").dropFirst()
            .map { String($0.prefix { $0 != "," }) }
        #expect(labels == header.split(separator: ",").map(String.init))
    }

    @Test(arguments: ["progress-exhaust", "response-exhaust", "userinfo-exhaust"])
    func `in layout sunbird the CSV is alone in the archive`(report: String) async throws {
        let scene = try scene()
        let config = DatasetConfig.batch("b1", layout: .sunbird)
        let submission = try await scene.submit(report, config)
        try await scene.work()
        let archive = try await scene.archive(submission.key)
        #expect(archive.names == archive.csvNames)
        #expect(try archive.csv == (try await scene.plainCSV(report, config)))
        #expect(try archive.csv != (try await scene.plainCSV(report)))
        let kept = try #require(try await scene.stored(submission.key).run?.files.first?.receipt)
        #expect(try JSONValue(parsing: kept)["layout"]?.text == "sunbird")
    }

    @Test func `the layout is the request's, else the setting's, else documented`() async throws {
        var settings = ServiceSettings()
        settings.layouts = ["progress-exhaust": .sunbird]
        let scene = try scene(settings)
        let bySetting = try await scene.submit()
        let byRequest = try await scene.submit(
            "progress-exhaust", .batch("b1", layout: .documented), tag: "another")
        try await scene.work()
        #expect(try await scene.archive(bySetting.key).names.count == 1)
        #expect(try await scene.archive(byRequest.key).names.count == 3)
    }

    @Test func `a report without the layout is refused at submit`() async throws {
        let scene = try scene()
        await #expect(throws: ExhaustError(.invalidInput, "assessment-score-report: it has no layout sunbird")) {
            try await scene.submit("assessment-score-report", .batch("b1", layout: .sunbird))
        }
    }

    @Test func `an alias asks for its report`() async throws {
        let scene = try scene()
        let submission = try await scene.submit("course-report")
        #expect(submission.request.reportID == "progress-exhaust")
    }

    @Test func `a key that another program put into the row counts over the password of before`() async throws {
        let scene = try scene()
        var row = try await scene.submit().request
        row.encryptionKey = "pass1234"
        scene.jobs.writeForeign(row)
        try await scene.work()
        let path = try #require(try await scene.stored(row.key).request.downloadPaths.first)
        let bytes = try await scene.bytes(of: path)
        #expect(try !OpenedArchive(bytes, password: "pass1234").csv.isEmpty)
        #expect(throws: ExhaustError.self) { try OpenedArchive(bytes, password: "correct horse").csv }
    }

    @Test func `each batch of a request gets a file of its own`() async throws {
        let scene = try scene()
        let submission = try await scene.submit("progress-exhaust", .batches("b2", "b1", "b9", "b2"))
        try await scene.work()
        let stored = try await scene.stored(submission.key)
        let names = stored.request.downloadPaths.compactMap { $0.split(separator: "/").last.map(String.init) }
        #expect(
            names == [
                "b1_progress_20240131.zip", "b2_progress_20240131.zip", "b9_do_course_progress_20240131.zip",
                "b9_do_open_progress_20240131.zip",
            ])
        var all: [UInt8] = []
        for path in stored.request.downloadPaths {
            all += try OpenedArchive(try await scene.bytes(of: path), password: "correct horse").csv
        }
        #expect(all == (try await scene.plainCSV("progress-exhaust", .batches("b2", "b1", "b9"))))
        let receipts = try JSONValue(parsing: try #require(stored.run?.receipt))["batches"]?.elements ?? []
        #expect(receipts.compactMap { $0["batch"]?["id"]?.text } == ["b1", "b2", "b9", "b9"])
        #expect(receipts.compactMap { $0["counts"]?["enrolled"]?.integer } == [23, 9, 3, 4])
    }

    @Test func `an empty batch gives a file with a header`() async throws {
        var tables = CourseTables.make()
        tables.add(["courseid": "do_course", "batchid": "empty"], to: "course_batch")
        let scene = try ServiceScene(tables)
        let submission = try await scene.submit("progress-exhaust", .batch("empty"))
        try await scene.work()
        #expect(lineCount(try await scene.archive(submission.key).csv) == 1)
    }

    @Test func `the day in the name is that of the first lease, in the zone of the setting`() async throws {
        let clock = ManualClock(try #require(Timestamp("2024-01-31T18:29:00.000Z")))
        let scene = try ServiceScene(CourseTables.make(), clock: clock)
        let submission = try await scene.submit()
        clock.advance(seconds: 3600)
        let died = try await scene.work("worker-1", .at(12, .die))
        #expect(!died)
        clock.advance(seconds: 86_400)
        try await scene.work("worker-2")
        #expect(try await scene.archive(submission.key).csvNames == ["b1_progress_20240201.csv"])
    }

    @Test(arguments: ["progress-exhaust", "response-exhaust"])
    func `trees and titles are of the data that the run opened, not of an import that came meanwhile`(
        report: String
    ) async throws {
        let scene = try scene()
        let csv = try await scene.plainCSV(report)
        let key = try await scene.submit(report).key
        let trees = Counter()
        let tap = PortTap { call in
            // The second time the data is open already.
            guard call.name == "catalogue.tree", await trees.next() == 2 else { return .pass }
            scene.data.change { tables in
                tables.add(["identifier": "do_course", "hierarchy": ""], to: "content_hierarchy")
                tables.add(["identifier": "do_quiz", "name": "Renamed", "status": "Live"], to: "content")
            }
            return .pass
        }
        #expect(try await scene.work("worker-1", tap))
        #expect(await trees.count >= 2)
        #expect(try await scene.archive(key).csv == csv)
        #expect(try await scene.plainCSV(report) != csv)
    }

    @Test func `sources are closed as often as they are opened`() async throws {
        let scene = try scene()
        let tap = PortTap()
        try await scene.submit("response-exhaust", .batches("b1", "b2"))
        try await scene.work("worker-1", tap)
        #expect(tap.count("learners.open") == 1)
        #expect(tap.count("learners.close") == 1)
    }
}

private actor Counter {
    private(set) var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}
