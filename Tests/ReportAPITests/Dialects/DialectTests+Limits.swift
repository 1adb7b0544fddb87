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

extension DialectTests {
    @Test(arguments: [("0", 0), ("00002", 2), ("%2B2", 2), ("%D9%A2", 2), ("2147483647", 3)])
    func `a list's limit is read as upstream reads it`(limit: String, count: Int) async throws {
        let scene = try await DialectScene()
        for dataset in ["progress-exhaust", "response-exhaust", "userinfo-exhaust"] {
            #expect(await scene.send(.post, "/request/submit", body(dataset)).status == 200)
        }
        let answer = try await scene.send(.get, "/request/list/do_b1?limit=\(limit)").json
        #expect(answer["result"]?["count"]?.integer == Int64(count))
        await scene.close()
    }

    @Test(arguments: ["abc", "", "1.5", "+2", "-1", "2147483648", "99999999999999999999"])
    func `another limit is refused`(limit: String) async throws {
        let scene = try await DialectScene()
        try expect(
            await scene.send(.get, "/request/list/t?limit=\(limit)"), 400,
            "limit: it must be a whole number from 0 to 2147483647")
        await scene.close()
    }

    @Test(arguments: [
        (#""dataset":null,"status":"SUBMITTED""#, "", 200), (#""dataset":null"#, "", 400), (#""status":5"#, "", 400),
        (#""requestedDate":"2024-1-31""#, "", 200), (#""requestedDate":"2024-01-31T10:00""#, "", 200),
        (#""requestedDate":"2023-13-31""#, "", 200), (#""requestedDate":"""#, "", 400),
        (#""requestedDate":"today""#, "", 400), (#""channel":"org-1""#, #","limit":1.0"#, 200),
        (#""channel":"org-1""#, #","limit":-1"#, 400), (#""channel":"org-1""#, #","limit":"2""#, 400),
        (#""channel":"org-1""#, #","limit":1.5"#, 400), (#""channel":"org-1""#, #","limit":true"#, 400),
    ])
    func `searches take what upstream's do, and say what is wrong with others`(
        filter: String, more: String, status: Int
    ) async throws {
        let scene = try await DialectScene()
        #expect(await scene.send(.post, "/request/submit", body()).status == 200)
        let response = await scene.send(.post, "/request/search", #"{"request":{"filters":{\#(filter)}\#(more)}}"#)
        #expect(response.status == status)
        if status == 200 { #expect(try response.json["result"]?["count"]?.integer == 1) }
        await scene.close()
    }

    @Test func `a day is searched for in the zone whose date is in request ids`() async throws {
        var settings = ServiceSettings()
        settings.requestDateOffsetMinutes = 330
        // 01:30 of the 31st there, and still the 30th in UTC.
        let scene = try await DialectScene(at: Timestamp(milliseconds: 1_706_644_800_000), settings: settings)
        #expect(await scene.send(.post, "/request/submit", body()).status == 200)
        for (day, count) in [("2024-01-30", 0), ("2024-01-31", 1), ("2024-02-01", 0)] {
            let answer = await scene.send(
                .post, "/request/search", #"{"request":{"filters":{"requestedDate":"\#(day)"}}}"#)
            #expect(try answer.json["result"]?["count"]?.integer == Int64(count), "\(day)")
        }
        await scene.close()
    }

    @Test func `another channel, another status and another day find nothing`() async throws {
        let scene = try await DialectScene()
        _ = await scene.send(.post, "/request/submit", body())
        for filter in [#""channel":"org-2""#, #""status":"DONE""#, #""requestedDate":"2024-02-01""#] {
            let answer = try await scene.send(.post, "/request/search", #"{"request":{"filters":{\#(filter)}}}"#).json
            #expect(answer["result"] == .members(("count", .integer(0)), ("jobs", .array([]))))
        }
        await scene.close()
    }
}

@Suite struct StoredAddressTests {
    @Test(arguments: [
        ("progress-exhaust/R/b1.zip", "progress-exhaust/R/b1.zip"),
        ("/progress-exhaust/R/b1.zip", "progress-exhaust/R/b1.zip"),
        ("https://acct.blob.core.windows.net/reports/progress-exhaust/R/b1.zip", "progress-exhaust/R/b1.zip"),
        ("wasb://reports@acct.blob.core.windows.net/p/a.zip", "p/a.zip"), ("s3n://reports/p/R/b1.zip", "p/R/b1.zip"),
        ("progress-exhaust/http-batch/b1.zip", "progress-exhaust/http-batch/b1.zip"), ("HTTPS://h/c/k.zip", "k.zip"),
        ("http://h", nil), ("", nil), ("/", nil), ("gs://bucket", nil),
    ])
    func `only a scheme at the start is taken off an address`(address: String, key: String?) {
        #expect(StoredAddress.key(of: address) == key)
    }
}
