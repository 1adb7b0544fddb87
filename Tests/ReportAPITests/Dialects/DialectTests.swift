import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SQLiteJobs
import Testing

/// What the dialects answer beside the recordings.
@Suite struct DialectTests {
    func body(
        _ dataset: String = "progress-exhaust", _ config: String = #"{"batchId":"b1"}"#, key: String = "correct horse",
        more: String = ""
    ) -> String {
        #"{"request":{"tag":"do_b1","dataset":"\#(dataset)","datasetConfig":\#(config),"encryptionKey":"\#(key)"\#(more)}}"#
    }

    func message(_ response: HTTPResponse) throws -> String? { try response.json["params"]?["errmsg"]?.text }

    func expect(
        _ response: HTTPResponse, _ status: Int, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(response.status == status, sourceLocation: sourceLocation)
        #expect(try self.message(response) == message, sourceLocation: sourceLocation)
    }

    // MARK: Submissions

    @Test(arguments: [
        ("progress-exhaust", #"{"batchId":"b7"}"#, "x", "No data found: no batch has the id b7"),
        ("progress-exhaust", #"{"batchId":"b0"}"#, "x", "The request is made for retired collection"),
        (
            "progress-exhaust", "{}", "x",
            "Request should have either of batchId, batchFilter, searchFilter or encrption key"
        ),
        (
            "userinfo-exhaust", #"{"batchId":"b1"}"#, "",
            "userinfo-exhaust: it needs a password, and the request has none"
        ),
        (
            "userinfo-exhaust", #"{"batchId":"b3"}"#, "x",
            "Invalid request. User info exhaust is not applicable for collections which don't request for user consent "
                + "to share data"
        ),
        (
            "progress-exhaust", #"{"batchFilter":["b1","b1","b1"]}"#, "x",
            "Number of batches in request exceeded. It should be within 2"
        ),
        ("nope", #"{"batchId":"b1"}"#, "x", "dataset nope: there is no such dataset"),
        ("progress-exhaust", #"{"batchId":"b1","type":5}"#, "x", "datasetConfig.type: it must be text"),
        ("progress-exhaust", #"[]"#, "x", "datasetConfig: it must be an object"),
    ])
    func `what is known to fail is refused with its reason`(
        dataset: String, config: String, key: String, reason: String
    ) async throws {
        var settings = ServiceSettings()
        settings.batchesPerRequest = 2
        let scene = try await DialectScene(settings: settings)
        let response = await scene.send(.post, "/request/submit", body(dataset, config, key: key))
        try expect(response, 400, reason)
        #expect(try response.json["responseCode"]?.text == "CLIENT_ERROR")
        await scene.close()
    }

    @Test func `the same again is the same request; another password while it waits is taken over`() async throws {
        let scene = try await DialectScene()
        let first = try await scene.send(.post, "/request/submit", body()).json["result"]
        scene.clock.advance(seconds: 60)
        #expect(
            try await scene.send(.post, "/request/submit", body()).json["result"]?["lastUpdated"]
                == first?["lastUpdated"])
        let third = try await scene.send(.post, "/request/submit", body(key: "another horse")).json["result"]
        #expect(third?["requestId"] == first?["requestId"])
        let entries = try await scene.audit.entries(AuditQuery())
        #expect(entries.map(\.action) == [.submit, .submit, .submit])
        #expect(entries.allSatisfy { $0.consumerID == "c1" && $0.channel == "org-1" })
        await scene.close()
    }

    @Test func `a link of a finished request is signed, complete, and in the answer of a resubmission`() async throws {
        let scene = try await DialectScene()
        let id = try #require(
            try await scene.send(.post, "/request/submit", body()).json["result"]?["requestId"]?.text)
        try await scene.work()
        for path in ["/request/read/do_b1?requestId=\(id)", "/dataset/v1/request/read/do_b1?requestId=\(id)"] {
            let result = try await scene.send(.get, path).json["result"]
            #expect(result?["status"]?.text == "SUCCESS")
            let link = try #require(result?["downloadUrls"]?.elements?.first?.text)
            #expect(link.hasPrefix("https://reports.example.org/v1/files/"))
            #expect(result?["expiresAt"]?.integer == scene.clock.now().milliseconds + 1_800_000)
        }
        #expect(
            try await scene.send(.post, "/request/submit", body()).json["result"]?["downloadUrls"]?.elements?.count == 1
        )
        await scene.close()
    }

    @Test(arguments: [true, false])
    func `UTF-16 and byte order marks are read`(isBig: Bool) async throws {
        let scene = try await DialectScene()
        let units = Array("\u{FEFF}\(body())".utf16)
        let bytes = units.flatMap { unit in
            isBig ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        let response = await scene.handler.respond(
            to: HTTPRequest(
                method: .post, path: "/request/submit",
                fields: ["X-Channel-ID": "org-1", "X-Consumer-ID": "c1", "Content-Type": "text/json; charset=x"],
                body: BytesOnce(bytes)))
        #expect(response.status == 200)
        await scene.close()
    }

    // MARK: The proxy

    @Test func `the proxy wants a tag and a dataset that are not blank, and names the user of the token`() async throws
    {
        let scene = try await DialectScene()
        for (name, text) in [
            ("tag", #"{"request":{"tag":" ","dataset":"progress-exhaust","datasetConfig":{}}}"#),
            ("dataset", #"{"request":{"tag":"t","datasetConfig":{}}}"#),
        ] {
            try expect(
                await scene.send(.post, "/v1/jobrequest/submit", text), 400, "Mandatory parameter \(name) is missing.")
        }
        let fields = try scene.user("admin-1")
        let answer = try await scene.send(
            .post, "/course/v1/jobrequest/submit", body(more: #","requestedBy":" ""#), fields: fields
        ).json["result"]
        #expect(answer?["requestedBy"]?.text == "admin-1")
        let id = try #require(answer?["requestId"]?.text)
        #expect(try await scene.store.request(id, tag: nil)?.request.encryptionKey == nil)
        let list = try await scene.send(.get, "/v1/jobrequest/list/do_b1", fields: fields).json
        #expect(list["result"]?["count"]?.integer == 1)
        await scene.close()
    }

    // MARK: Who may see what

    @Test func `nobody files in the name of another`() async throws {
        let scene = try await DialectScene()
        let response = await scene.send(
            .post, "/request/submit", body(more: #","requestedBy":"somebody""#), fields: try scene.user("admin-1"))
        try expect(response, 403, "You are not authorized.")
        await scene.close()
    }

    @Test func `a mentor may have the own batches, by id and by search, and see no others`() async throws {
        var tables = CourseTables.make()
        tables.add(
            ["courseid": "do_course", "batchid": "b1", "name": "B", "mentors": #"["mentor-1"]"#], to: "course_batch")
        let scene = try await DialectScene(tables: tables)
        let fields = try scene.user("mentor-1")
        func submit(_ config: String, _ fields: HTTPFields) async -> HTTPResponse {
            await scene.send(.post, "/request/submit", body("progress-exhaust", config), fields: fields)
        }
        #expect(await submit(#"{"batchId":"b1"}"#, fields).status == 200)
        for config in [
            #"{"batchId":"b2"}"#, #"{"batchFilter":["b1","b2"]}"#, #"{"batchFilters":["org-1"]}"#,
            #"{"searchFilter":{"request":{"filters":{"identifier":["do_course"]}}}}"#,
        ] {
            try expect(await submit(config, fields), 403, "You are not authorized.")
        }
        #expect(await submit(#"{"batchId":"b2"}"#, try scene.user("admin-1")).status == 200)
        let list = try await scene.send(.get, "/request/list/do_b1", fields: fields).json
        #expect(list["result"]?["count"]?.integer == 1)
        let search = #"{"request":{"filters":{"dataset":"progress-exhaust"}}}"#
        let found = try await scene.send(.post, "/request/search", search, fields: fields).json
        #expect(found["result"]?["count"]?.integer == 1)
        let all = try await scene.send(.post, "/request/search", search).json["result"]
        #expect(all?["count"]?.integer == 2)
        for job in all?["jobs"]?.elements ?? [] where job["datasetConfig"]?["batchId"]?.text == "b2" {
            let id = try #require(job["requestId"]?.text)
            try expect(
                await scene.send(.get, "/request/read/do_b1?requestId=\(id)", fields: fields), 403,
                "You are not authorized.")
        }
        await scene.close()
    }

    @Test func `a mentor's list and search are filled with their own, and count no others`() async throws {
        let scene = try await DialectScene(tables: CourseTables.mentored())
        let fields = try scene.user("mentor-1")
        for (batch, report) in [
            ("b1", "progress-exhaust"), ("b1", "response-exhaust"), ("b2", "progress-exhaust"),
            ("b2", "userinfo-exhaust"),
        ] {
            scene.clock.advance(seconds: 1)
            let text = body(report, #"{"batchId":"\#(batch)"}"#, more: #","requestedBy":"for-\#(batch)""#)
            #expect(await scene.send(.post, "/request/submit", text).status == 200)
        }
        let list = try await scene.send(.get, "/request/list/do_b1?limit=1", fields: fields).json["result"]
        #expect(list?["jobs"]?.elements?.map { $0["dataset"]?.text } == ["response-exhaust"])
        let search = #"{"request":{"filters":{"status":"SUBMITTED"},"limit":1}}"#
        let found = try await scene.send(.post, "/request/search", search, fields: fields).json["result"]
        #expect(found?["count"]?.integer == 2 && found?["countIsAtLeast"] == nil)
        #expect(found?["jobs"]?.elements?.map { $0["dataset"]?.text } == ["response-exhaust"])
        let page = try await scene.send(.get, "/v1/requests?limit=1", fields: fields).json
        #expect(page["requests"]?.elements?.map { $0["report"]?.text } == ["response-exhaust"])
        await scene.close()
    }

    @Test func `a tag that holds another channel does not open its requests`() async throws {
        let scene = try await DialectScene(channels: ["org-1", "b:org-1"])
        let text = #"{"request":{"tag":"a:b","dataset":"progress-exhaust","datasetConfig":{"batchId":"b1"}}}"#
        let id = try #require(try await scene.send(.post, "/request/submit", text).json["result"]?["requestId"]?.text)
        let fields: HTTPFields = ["X-Channel-ID": "b:org-1", "X-Consumer-ID": "c1"]
        #expect(await scene.send(.get, "/request/read/a?requestId=\(id)", fields: fields).status == 403)
        await scene.close()
    }

    // MARK: Datasets

    private static let roles = #""authorizedRoles":["DATASET_ROLE"]"#

    private func dataset(_ id: String, sub: String? = nil, more: String = roles) -> String {
        let sub = sub.map { #""datasetSubId":"\#($0)","# } ?? ""
        return #"{"request":{"dataset":"\#(id)",\#(sub)"datasetType":"x","version":"1","visibility":"v",\#(more)}}"#
    }

    private func editing() async throws -> DialectScene {
        var settings = ServiceSettings()
        settings.datasetEditors = ["c1"]
        return try await DialectScene(settings: settings)
    }

    @Test func `a type never lowers the roles or the schema of its dataset`() async throws {
        let scene = try await editing()
        let schema = #""validationJson":{"properties":{"datasetConfig":{"required":["batchId"]}}}"#
        #expect(
            await scene.send(.post, "/dataset/add", dataset("progress-exhaust", more: "\(Self.roles),\(schema)")).status
                == 200)
        #expect(
            await scene.send(
                .post, "/dataset/v1/add", dataset("other", sub: "lax", more: #""authorizedRoles":["ORG_ADMIN"]"#)
            ).status == 200)
        for type in ["lax", "unknown", ""] {
            let config = #"{"batchId":"b1","type":"\#(type)"}"#
            try expect(
                await scene.send(
                    .post, "/request/submit", body("progress-exhaust", config), fields: try scene.user("admin-1")),
                403, "You are not authorized.")
            try expect(
                await scene.send(.post, "/request/submit", body("course-report", #"{"type":"\#(type)"}"#)), 400,
                #"Request object has missing required properties (["batchId"])"#)
        }
        await scene.close()
    }

    @Test func `a dataset that was added is filed for whoever makes it`() async throws {
        let scene = try await editing()
        _ = await scene.send(.post, "/dataset/add", dataset("druid-dataset", sub: "ml-task"))
        let answer = try await scene.send(
            .post, "/request/submit", body("druid-dataset", #"{"type":"ml-task"}"#, key: "pass1234")
        ).json["result"]
        let id = try #require(answer?["requestId"]?.text)
        let stored = try #require(try await scene.store.request(id, tag: nil))
        #expect(stored.run == nil && stored.request.encryptionKey == "pass1234")
        await scene.close()
    }

    @Test func `only editors add, nothing is added twice under two datasets, and bad schemas are refused`() async throws
    {
        let nobody = try await DialectScene()
        try expect(await nobody.send(.post, "/dataset/add", dataset("d")), 403, "You are not authorized.")
        await nobody.close()
        let scene = try await editing()
        try expect(
            await scene.send(.post, "/dataset/add", dataset("d"), fields: try scene.user("admin-1")), 403,
            "You are not authorized.")
        #expect(await scene.send(.post, "/dataset/add", dataset("d", sub: "s")).status == 200)
        try expect(
            await scene.send(.post, "/dataset/add", dataset("e", sub: "s")), 409,
            "Dataset s belongs to another dataset than e; nothing was changed")
        for (more, text) in [
            (#","validationJson":{"$ref":"x"}"#, "validationJson: schema: keyword $ref is not supported"),
            (#","availableFrom":"2024-1-31""#, "availableFrom: it must be a date such as 2024-01-31"),
            (#","availableFrom":"2024-1--31""#, "availableFrom: it must be a date such as 2024-01-31"),
            (#","availableFrom":"2024-+1-31""#, "availableFrom: it must be a date such as 2024-01-31"),
            (#","availableFrom":"2024-02-30""#, "availableFrom: there is no such day"),
            (#","supportedFormats":{}"#, "supportedFormats: it must be a list"),
        ] {
            try expect(await scene.send(.post, "/dataset/add", dataset("d", more: Self.roles + more)), 400, text)
        }
        try expect(
            await scene.send(.post, "/dataset/add", dataset(String(repeating: "x", count: 51))), 400,
            "dataset: over 50 characters")
        let list = try await scene.send(.get, "/dataset/v1/list").json["result"]
        #expect(list?["count"]?.integer == 1)
        #expect(list?["datasets"]?.elements?.first?["availableFrom"]?.text == "2024-01-31")
        await scene.close()
    }
}

/// Bytes in one piece.
private actor BytesOnce: HTTPBytes {
    private var bytes: [UInt8]?
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    func next() async throws -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}
