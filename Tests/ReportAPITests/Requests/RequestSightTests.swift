import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SQLiteJobs
import Synchronization
import Testing

/// Who may see a request, and have its files, while rights and requests change.
@Suite struct RequestSightTests {
    private static let password = #""password":"correct horse battery""#
    private static let search = #""searchFilter":{"request":{"filters":{"identifier":"do_course"}}}"#

    /// The courses, in which `mentor-1` mentors these batches of `do_course`.
    private func tables(_ mentored: [String]) -> ImportTables {
        var tables = CourseTables.make()
        for batch in mentored { Self.set("mentor-1", of: batch, in: &tables) }
        return tables
    }

    private static func set(_ mentor: String?, of batch: String, in tables: inout ImportTables) {
        let mentors = JSONValue.array(mentor.map { [.string($0)] } ?? []).compactText
        tables.add(
            ["courseid": "do_course", "batchid": batch, "name": "Batch \(batch)", "mentors": mentors],
            to: "course_batch")
    }

    /// Files the mentor's search; answers its address.
    private func filedSearch(_ scene: RequestScene) async throws -> String {
        let body = #"{"report":"progress-exhaust",\#(Self.search),\#(Self.password)}"#
        let answer = await scene.post("/v1/requests", body, as: "mentor-1@org-1")
        #expect(answer.status == 201)
        return "/v1/requests/search/\(try #require(try await answer.json()["requestId"]?.text))"
    }

    @Test func `old files are no more to be had than new ones, by whoever lost a batch that is in them`() async throws {
        let scene = try RequestScene(tables(["b1", "b2", "b9"]))
        let address = try await filedSearch(scene)
        try await scene.service.work()
        #expect(await scene.post(address + "/fresh", "{\(Self.password)}", as: "mentor-1@org-1").status == 200)
        #expect(await scene.post(address + "/links", #"{"file":0}"#, as: "mentor-1@org-1").status == 200)
        scene.service.data.change { Self.set(nil, of: "b2", in: &$0) }
        #expect(await scene.get(address, as: "mentor-1@org-1").status == 404)
        #expect(await scene.get(address + "/receipt", as: "mentor-1@org-1").status == 404)
        #expect(await scene.post(address + "/links", #"{"file":0}"#, as: "mentor-1@org-1").status == 404)
        // The receipt says what is in the files, also while new ones are made.
        let receipts = try await scene.get(address + "/receipt").json()["receipts"]?.elements
        #expect(receipts?.compactMap { $0.at("batch.id")?.text } == ["b1", "b2", "b9"])
    }

    @Test func `what is asked for again is about batches that the requester may have now`() async throws {
        let scene = try RequestScene(tables(["b1", "b2", "b9"]))
        let address = try await filedSearch(scene)
        #expect(await scene.post(address + "/cancel", as: "mentor-1@org-1").status == 200)
        scene.service.data.change { Self.set("somebody", of: "b5", in: &$0) }
        #expect(await scene.post(address + "/retry", "{\(Self.password)}", as: "mentor-1@org-1").status == 403)
        #expect(await scene.post(address + "/retry", "{\(Self.password)}").status == 201)
        scene.service.data.change { Self.set("mentor-1", of: "b5", in: &$0) }
        #expect(await scene.post(address + "/retry", "{\(Self.password)}", as: "mentor-1@org-1").status == 200)
    }

    @Test func `a mentor's search makes no files of batches that others added since`() async throws {
        let scene = try RequestScene(tables(["b1", "b2", "b9"]))
        let address = try await filedSearch(scene)
        scene.service.data.change { Self.set("somebody", of: "b5", in: &$0) }
        try await scene.service.work()
        let done = try await scene.get(address, as: "mentor-1@org-1").json()
        #expect(done["state"]?.text == "SUCCESS")
        #expect(done["batches"]?.elements?.compactMap { $0["batchId"]?.text } == ["b1", "b2", "b9"])
        #expect(done["findings"]?.elements?.contains { $0["code"]?.text == "batch-not-allowed" } == true)
        // Somebody else of the organisation may have them all.
        let body = #"{"report":"progress-exhaust",\#(Self.search),\#(Self.password)}"#
        let all = try await scene.post("/v1/requests", body).json()["requestId"]?.text
        try await scene.service.work()
        let theirs = try await scene.get("/v1/requests/search/\(try #require(all))").json()
        #expect(theirs["batches"]?.elements?.contains { $0["batchId"]?.text == "b5" } == true)
    }

    @Test func `a type whose row has stricter roles hides its requests on every route`() async throws {
        let scene = try await DialectScene()
        var strict = DatasetMetadata(datasetID: "progress-exhaust", subID: "strict")
        strict.authorizedRoles = ["NOBODY"]
        #expect(try await scene.store.put(strict))
        let config = #"{"batchId":"b1","type":"strict"}"#
        let body =
            #"{"request":{"tag":"t","dataset":"progress-exhaust","datasetConfig":\#(config),"encryptionKey":"x"}}"#
        let filed = try await scene.send(.post, "/request/submit", body).json["result"]
        let id = try #require(filed?["requestId"]?.text)
        try await scene.work()
        let fields = try scene.user("admin-1")
        #expect(await scene.send(.get, "/request/read/t?requestId=\(id)", fields: fields).status == 403)
        #expect(await scene.send(.get, "/v1/requests/t/\(id)", fields: fields).status == 404)
        #expect(await scene.send(.get, "/v1/requests/t/\(id)/events", fields: fields).status == 404)
        #expect(await scene.send(.post, "/v1/requests/t/\(id)/links", #"{"file":0}"#, fields: fields).status == 404)
        let list = try await scene.send(.get, "/v1/requests", fields: fields).json
        #expect(list["requests"]?.elements?.isEmpty == true)
        #expect(await scene.send(.get, "/v1/requests/t/\(id)").status == 200)
        await scene.close()
    }

    @Test func `every submission is audited under the key that it is filed under`() async throws {
        let scene = try RequestScene(tables(["b1"]))
        let address = try await scene.finished()
        let body = #"{"password":"another horse battery"}"#
        #expect(await scene.post(address + "/fresh", body, as: "admin-2@org-1").status == 201)
        let asked = #"{"tag":"t","dataset":"progress-exhaust","datasetConfig":{"batchId":"b1"},"encryptionKey":"x"}"#
        let answer = await scene.send(
            .post, "/request/submit", as: "program@org-1", #"{"request":\#(asked)}"#,
            fields: [("Content-Type", "application/json")])
        #expect(answer.status == 200)
        let keys = try await scene.service.jobs.requests(RequestQuery()).map(\.request.key)
        let noted = scene.audit.all.filter { $0.action == .submit || $0.action == .fresh }.map(\.request)
        #expect(noted.count == 3 && Set(noted) == Set(keys))
    }

    @Test func `a search of many requests asks catalogue and datasets once`() async throws {
        let tap = PortTap()
        let datasets = CountedDatasets()
        let scene = try RequestScene(tables(["b1"]), datasets: datasets, tap: tap)
        for number in 0..<40 {
            let row = JobRequest(
                tag: "t\(number):org-1", requestID: "R\(number)", reportID: "progress-exhaust",
                requestData: #"{"batchId":"\#(number % 2 == 0 ? "b1" : "b2")"}"#, requestedBy: "somebody",
                requestedChannel: "org-1", submittedAt: scene.service.clock.now())
            _ = try await scene.service.jobs.submit(Submission(request: row))
        }
        let (before, reads) = (tap.count("catalogue.batches"), datasets.reads)
        let answer = await scene.send(
            .post, "/request/search", as: "mentor-1@org-1",
            #"{"request":{"filters":{"status":"SUBMITTED"},"limit":50}}"#,
            fields: [("Content-Type", "application/json")])
        #expect(try await answer.json().at("result.count")?.integer == 20)
        #expect(tap.count("catalogue.batches") - before == 1 && datasets.reads - reads == 1)
    }

    @Test func `an event costs one look at its dataset, however many listen`() async throws {
        let datasets = CountedDatasets()
        let scene = try RequestScene(datasets: datasets)
        _ = try await scene.filed()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scene.ports.watch.run() }
            await scene.service.clock.whenAsleep()
            var streams: [any HTTPBytes] = []
            for number in 0..<20 {
                let answer = await scene.get("/v1/events", as: "admin-\(number)@org-1")
                streams.append(try #require(answer.stream))
                _ = try await streams[number].next()
            }
            let before = datasets.reads
            for stream in streams { #expect(try await stream.next() != nil) }
            #expect(datasets.reads - before == 1)
            group.cancelAll()
        }
    }
}

/// Datasets without rows, that count how often they are asked.
private final class CountedDatasets: DatasetStore {
    private let count = Mutex(0)
    var reads: Int { count.withLock { $0 } }

    func dataset(subID: String) async throws -> DatasetMetadata? {
        count.withLock { $0 += 1 }
        return nil
    }

    func datasets() async throws -> [DatasetMetadata] { [] }
    func put(_ dataset: DatasetMetadata) async throws -> Bool { false }
}
