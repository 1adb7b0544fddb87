import HTTPMessages
import HTTPServer
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SQLiteJobs
import Testing

/// The request API as its oldest document prints it (brief of the request API).
@Suite struct SampleRequestTests {
    /// The sample body as it is printed.
    private static let printed = #"""
        {
          "id": "ekstep.analytics.job.request.submit",
          "ver": "1.0",
          "ts": "2016-12-07T12:40:40+05:30",
          "params": {
            "msgid": "4f04da60-1e24-4d31-aa7b-1daf91c46341"
          },
          "request": {
            "tag": "client-1",
            "jobId": "assessment-score-report",
            "jobConfig": {
               "batchFilters": [
                "TPD",
                "NCFCOPY"
             ],
            "contentFilters": {
              "request": {
                "filters": {
                  "identifier": [
                    "do_11305960936384921612216",
                    "do_1130934466492252161819"
                  ],
                  "prevState": "Draft"
                },
                "sort_by": {
                  "createdOn": "desc"
                },
                "limit": 10000,
                "fields": [
                  "framework",
                  "identifier",
                  "name",
                  "channel",
                  "prevState"
                ]
              }
            },
            "reportPath": "course-progress-v2/"
              },
              "output_format": "csv"
            }
          }
        }
        """#

    /// The printed body without the last brace, which is one too many.
    private static var body: String {
        String(printed.trimmingPrefix { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.dropFirst().reversed())
    }

    /// Two courses that the sample finds, of TPD and of another channel, and one that it does not.
    private static func tables() -> ImportTables {
        var tables = CourseTables.make()
        for (id, channel, state, batch) in [
            ("do_11305960936384921612216", "TPD", "Draft", "019243943994839"),
            ("do_1130934466492252161819", "OTHER", "Draft", "2329392039232"),
            ("do_113", "TPD", "Review", "b5"),
        ] {
            tables.add(
                ["identifier": id, "name": id, "channel": channel, "status": "Live", "prevState": state], to: "content")
            tables.add(["courseid": id, "batchid": batch, "name": batch], to: "course_batch")
        }
        return tables
    }

    @Test func `the sample is accepted as printed but for its surplus brace, and read back in the printed shape`()
        async throws
    {
        let scene = try await DialectScene(tables: Self.tables())
        let fields: HTTPFields = ["X-Channel-ID": "org-1", "X-Consumer-ID": "c1", "Content-Type": "application/json"]
        let refused = await scene.send(.post, "/job/request/submit", Self.printed, fields: fields)
        #expect(refused.status == 400)
        let submitted = try await scene.send(.post, "/job/request/submit", Self.body, fields: fields).json
        #expect(submitted["id"]?.text == "ekstep.analytics.job.request.submit")
        #expect(submitted["result"]?["status"]?.text == "SUBMITTED")
        let id = try #require(submitted["result"]?["request_id"]?.text)

        try await scene.work()
        let read = try await scene.send(.get, "/data/v3/job/request/read/client-1/\(id)", fields: fields).json
        #expect(read.objectMembers?.map(\.name) == ["id", "ver", "ts", "params", "responseCode", "result"])
        #expect(read["params"]?.objectMembers?.map(\.name) == ["resmsgid", "status"])
        #expect(read["id"]?.text == "ekstep.analytics.job.request.info")
        let result = try #require(read["result"])
        let now = scene.clock.now().milliseconds
        #expect(
            result.objectMembers?.map(\.name) == [
                "request_id", "tag", "status", "last_updated", "request", "job_stats", "downloadURLs", "expiresAt",
                "attempts",
            ])
        #expect(result["tag"]?.text == "client-1" && result["status"]?.text == "COMPLETED")
        #expect(result["last_updated"]?.integer == now / 1000 && result["expiresAt"]?.integer == now + 1_800_000)
        #expect(result["job_stats"] == .members(("dt_job_submitted", .integer(now / 1000))))
        let request = try #require(result["request"])
        #expect(
            request.objectMembers?.map(\.name) == [
                "jobId", "batchFilters", "contentFilters", "reportPath", "output_format",
            ])
        #expect(request["jobId"]?.text == "assessment-score-report" && request["output_format"]?.text == "csv")
        // Of the two courses that the search finds, batchFilters keeps that of TPD.
        #expect(result["downloadURLs"]?.elements?.count == 1)
        let stored = try #require(try await scene.store.request(id, tag: "client-1:org-1")?.request)
        #expect(stored.processedBatches.map(\.batchID) == ["019243943994839"])

        let list = try await scene.send(.get, "/job/request/list/client-1", fields: fields).json
        #expect(list["id"]?.text == "ekstep.analytics.job.request.list")
        #expect(list["result"]?["count"]?.integer == 1)
        #expect(list["result"]?["jobs"]?.elements?.first?["request_id"]?.text == id)
        await scene.close()
    }

    @Test func `the published request id comes out`() async throws {
        let time = Array("2022-09-27 10:01:22.004".utf8).withUnsafeBytes { Timestamp(parsing: $0) }
        var tables = CourseTables.make()
        tables.add(
            ["courseid": "do_course", "batchid": "013307481768378368112", "name": "Seed"], to: "course_batch")
        let channel = "01269878797503692810"
        let scene = try await DialectScene(at: try #require(time), tables: tables, channels: [channel])
        let response = await scene.send(
            .post, "/request/submit",
            #"""
            {"request":{"tag":"do_2133074736487792641239_013307481768378368112","dataset":"progress-exhaust",
            "requestedBy":"fca2925f-1eee-4654-9177-fece3fd6afc9","datasetConfig":{"batchId":"013307481768378368112"}}}
            """#, fields: ["X-Channel-ID": channel, "X-Consumer-ID": "c1", "Content-Type": "application/json"])
        #expect(response.status == 200)
        #expect(try response.json["result"]?["requestId"]?.text == "778A3669531143769B5E8C98D42E1CAD")
        await scene.close()
    }
}
