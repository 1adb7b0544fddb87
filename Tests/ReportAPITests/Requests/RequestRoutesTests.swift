import HTTPMessages
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Testing

@Suite struct RequestRoutesTests {
    @Test func `a request is filed, shown, listed, done and its receipt read`() async throws {
        let scene = try RequestScene()
        let address = try await scene.filed()
        let waiting = try await scene.get(address).json()
        #expect(waiting["state"]?.text == "SUBMITTED" && waiting["placeInLine"]?.integer == 0)
        #expect(waiting["tag"]?.text == "do_course_b1" && waiting["requestedByMe"]?.bool == true)
        #expect(waiting["reportTitle"]?.text == "Progress" && waiting["layout"]?.text == "documented")
        #expect(waiting.at("batches.0.name")?.text == "Batch b1")
        #expect(waiting.at("batches.0.collectionName")?.text == "Course, first")
        #expect(waiting.at("actions.cancel")?.bool == true && waiting.at("actions.download")?.bool == false)
        #expect(waiting["hasPassword"]?.bool == true && waiting["failure"] == .null)
        try await scene.service.work()
        let done = try await scene.get(address).json()
        #expect(done["state"]?.text == "SUCCESS" && done["placeInLine"] == .null)
        #expect(done.at("progress.learnersDone")?.integer == 23 && done.at("files.0.index")?.integer == 0)
        #expect(done.at("files.0.name")?.text == "b1_progress_20240131.zip")
        #expect(done.at("files.0.batchId")?.text == "b1" && (done.at("files.0.rows")?.integer ?? 0) > 0)
        #expect(done.at("actions.download")?.bool == true && done.at("actions.fresh")?.bool == true)
        #expect(done.at("leftOut.0.code")?.text == "inactive" && done.at("leftOut.0.count")?.integer == 3)
        let list = try await scene.get("/v1/requests").json()
        #expect(list.at("requests.0.requestId") == done["requestId"])
        let receipt = try await scene.get(address + "/receipt").json()
        #expect(receipt.at("receipts.0.counts.enrolled")?.integer == 23)
        #expect(await scene.get(address + "/receipt?batch=b9").status == 404)
        #expect(scene.audit.all.map(\.action) == [.submit, .receipt])
        #expect(scene.audit.all[1].request?.tag == "do_course_b1:org-1")
    }

    @Test func `a list can be narrowed and has the newest first`() async throws {
        let scene = try RequestScene()
        _ = try await scene.finished()
        scene.service.clock.advance(seconds: 5)
        _ = try await scene.filed("response-exhaust", batch: "b2")
        func reports(_ query: String) async throws -> [String?] {
            (try await scene.get("/v1/requests" + query).json()["requests"]?.elements ?? []).map { $0["report"]?.text }
        }
        #expect(try await reports("") == ["response-exhaust", "progress-exhaust"])
        #expect(try await reports("?limit=1") == ["response-exhaust"])
        #expect(try await reports("?state=success") == ["progress-exhaust"])
        #expect(try await reports("?tag=do_course_b2") == ["response-exhaust"])
        for query in ["?limit=0", "?limit=x", "?state=DONE"] {
            #expect(await scene.get("/v1/requests" + query).status == 400)
        }
    }

    @Test func `what a caller may not see does not exist`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        let files = try await scene.finished("userinfo-exhaust", batch: "b2")
        for (caller, hidden) in [
            ("admin-9@org-2", [address, files]), ("guest@org-1", [address, files]),
            ("mentor-1@org-1", [address, files]),
            ("clerk@org-1", [files]),
        ] {
            for path in hidden {
                for answer in [
                    await scene.get(path, as: caller), await scene.get(path + "/receipt", as: caller),
                    await scene.get(path + "/events", as: caller), await scene.post(path + "/cancel", as: caller),
                    await scene.post(path + "/fresh", #"{"password":"correct horse battery"}"#, as: caller),
                    await scene.post(path + "/retry", as: caller),
                    await scene.post(path + "/links", #"{"file":0}"#, as: caller),
                ] {
                    #expect(answer.status == 404, "\(caller)")
                    #expect(try await answer.json()["code"]?.text == "notFound")
                }
            }
            let list = try await scene.get("/v1/requests", as: caller).json()["requests"]?.elements ?? []
            #expect(list.count == 2 - hidden.count, "\(caller)")
        }
        #expect(await scene.get(address, as: "clerk@org-1").status == 200)
        let id = try #require(address.split(separator: "/").last)
        for path in ["/v1/requests/other/\(id)", "/v1/requests/do_course_b1/\(id)0"] {
            #expect(await scene.get(path).status == 404)
        }
    }

    @Test func `what a list shows can be opened and cancelled, also under a tag of another program's`() async throws {
        let scene = try RequestScene()
        for tag in ["client-1", "sold:org-2"] {
            let row = JobRequest(
                tag: tag, requestID: "R-\(tag.count)", reportID: "progress-exhaust", requestData: #"{"batchId":"b1"}"#,
                requestedBy: "admin-1", requestedChannel: "org-1", submittedAt: scene.service.clock.now())
            _ = try await scene.service.jobs.submit(Submission(request: row))
        }
        let listed = try await scene.get("/v1/requests").json()["requests"]?.elements ?? []
        #expect(listed.count == 2)
        for request in listed {
            let tag = PercentEncoding.encode(try #require(request["tag"]?.text))
            let address = "/v1/requests/\(tag)/\(try #require(request["requestId"]?.text))"
            #expect(try await scene.get(address).json()["requestId"] == request["requestId"])
            #expect(await scene.get(address, as: "admin-9@org-2").status == 404)
            #expect(try await scene.post(address + "/cancel").json()["state"]?.text == "CANCELLED")
        }
        #expect(await scene.get("/v1/requests/sold/R-10", as: "admin-9@org-2").status == 404)
    }

    @Test func `whether others have what is not found is looked up only so often`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        for _ in 0..<200 { #expect(await scene.get(address, as: "admin-9@org-2").status == 404) }
        let refused = scene.audit.all.filter { $0.action == .refused }
        #expect(refused.count == Int(Auditing.refusals.burst))
        #expect(refused.allSatisfy { $0.detail == "showRequest: You are not authorized." && $0.userID == "admin-9" })
        #expect(await scene.get("/v1/requests/none/R1", as: "admin-8@org-2").status == 404)
        #expect(scene.audit.all.filter { $0.action == .refused }.count == refused.count)
    }

    @Test func `a mentor sees requests about their own batches, and no others`() async throws {
        var tables = CourseTables.make()
        for (batch, mentors) in [("b1", #"["mentor-1"]"#), ("b2", "[]")] {
            tables.add(
                ["courseid": "do_course", "batchid": batch, "name": "Batch \(batch)", "mentors": mentors],
                to: "course_batch")
        }
        let scene = try RequestScene(tables)
        let mine = try await scene.filed()
        let other = try await scene.filed(batch: "b2")
        #expect(await scene.get(mine, as: "mentor-1@org-1").status == 200)
        #expect(await scene.get(other, as: "mentor-1@org-1").status == 404)
        let body = #"{"report":"progress-exhaust","batchFilter":["b1","b2"],"password":"correct horse battery"}"#
        #expect(await scene.post("/v1/requests", body, as: "mentor-1@org-1").status == 403)
        let found = try await scene.get("/v1/collections?query=course", as: "mentor-1@org-1").json()
        #expect(found["collections"]?.elements?.count == 1)
        let batches = try await scene.get("/v1/collections/do_course/batches", as: "mentor-1@org-1").json()
        #expect(batches["batches"]?.elements?.map { $0["batchId"]?.text } == ["b1"])
        #expect(await scene.get("/v1/collections/do_open/batches", as: "mentor-1@org-1").status == 404)
    }

    @Test func `a search that waits is shown to who asked, and to who may have every batch`() async throws {
        let scene = try RequestScene()
        let filters = #"{"request":{"filters":{"identifier":"do_course"}}}"#
        let body = #"{"report":"progress-exhaust","searchFilter":\#(filters),"password":"correct horse battery"}"#
        let filed = try await scene.post("/v1/requests", body).json()
        let address = "/v1/requests/search/\(try #require(filed["requestId"]?.text))"
        #expect(await scene.get(address).status == 200)
        #expect(await scene.get(address, as: "admin-2@org-1").status == 200)
        #expect(await scene.get(address, as: "mentor-1@org-1").status == 404)
        #expect(await scene.post("/v1/requests", body, as: "mentor-1@org-1").status == 403)
        try await scene.service.work()
        #expect(try await scene.get(address).json()["batches"]?.elements?.count == 3)
    }

    @Test(arguments: [
        ("", "report is missing"), ("[]", "no JSON object"), ("{", "request body: line 1"),
        (#"{"report":"x","batchId":"b1"}"#, "no such report"),
        (#"{"report":"progress-exhaust"}"#, "batchId"),
        (#"{"report":"progress-exhaust","batchId":"b1","colour":1}"#, "colour is not known"),
        (#"{"report":"progress-exhaust","batchId":"b1"}"#, "password: it is missing"),
        (#"{"report":"progress-exhaust","batchId":"b1","password":"short"}"#, "fewer than 12"),
        (#"{"report":"userinfo-exhaust","batchId":"b1","password":"               "}"#, "ends with a blank"),
        (#"{"report":"progress-exhaust","batchId":"b1","password":7}"#, "password must be text"),
        (#"{"report":"progress-exhaust","batchId":"b1","tag":"..","password":"$"}"#, "tag"),
        (#"{"report":"progress-exhaust","batchId":"b0","password":"$"}"#, "retired"),
        (#"{"report":"progress-exhaust","batchId":"b77","password":"$"}"#, "No data found"),
        (#"{"report":"userinfo-exhaust","batchId":"b3","password":"$"}"#, "consent"),
    ])
    func `what cannot be done is refused with the reason`(body: String, reason: String) async throws {
        let scene = try RequestScene()
        // A password in its place: arguments of a test are printed.
        let body = body.replacing(#""$""#, with: #""correct horse battery""#)
        let answer = await scene.post("/v1/requests", body)
        #expect((400..<500).contains(answer.status))
        let title = try await answer.json()["title"]?.text ?? ""
        #expect(title.contains(reason), "\(title)")
        #expect(try await scene.get("/v1/requests").json()["requests"]?.elements?.isEmpty == true)
    }

    @Test func `what is wrong comes with what to do about it`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        let nested = String(repeating: "[", count: 100)
        for answer in [
            await scene.post("/v1/requests", "{"), await scene.post("/v1/requests", nested),
            await scene.post("/v1/requests", "{} {}"), await scene.post(address + "/links", #"{"file":7}"#),
            await scene.get("/v1/nope"),
        ] {
            #expect((400..<500).contains(answer.status))
            let told = try await answer.json()
            #expect(told["detail"]?.text?.hasSuffix(".") == true, "\(told["title"]?.text ?? "")")
        }
        let told = try await scene.post("/v1/requests", "{").json()
        #expect(told["title"]?.text?.hasPrefix("request body: line 1, column ") == true)
        let none = try await scene.post(address + "/links", #"{"file":7}"#).json()
        #expect(none["detail"]?.text == "Its files have the numbers 0 to 0.")
    }

    @Test func `a user files in their own name, a program in that of whom it names`() async throws {
        let scene = try RequestScene()
        let body = #"{"report":"progress-exhaust","batchId":"b1","password":"correct horse battery"#
        #expect(await scene.post("/v1/requests", body + #"","requestedBy":"admin-2"}"#).status == 403)
        #expect(await scene.post("/v1/requests", body + #""}"#, as: "program@org-1").status == 400)
        let filed = await scene.post("/v1/requests", body + #"","requestedBy":"admin-2"}"#, as: "program@org-1")
        #expect(try await filed.json()["requestedBy"]?.text == "admin-2")
    }

    @Test func `a waiting request is cancelled, and tried again with another password`() async throws {
        let scene = try RequestScene()
        let address = try await scene.filed()
        let cancelled = try await scene.post(address + "/cancel").json()
        #expect(cancelled["state"]?.text == "CANCELLED" && cancelled.at("actions.retry")?.bool == true)
        #expect(await scene.post(address + "/cancel").status == 409)
        #expect(await scene.post(address + "/fresh", #"{"password":"correct horse battery"}"#).status == 409)
        #expect(await scene.post(address + "/retry").status == 400)
        let again = try await scene.post(address + "/retry", #"{"password":"another horse battery"}"#).json()
        #expect(again["state"]?.text == "SUBMITTED" && again["requestId"] == cancelled["requestId"])
        // What was refused was not done.
        #expect(scene.audit.all.map(\.action) == [.submit, .cancel, .submit])
    }

    @Test func `what is refused while it is worked on is not written down as done`() async throws {
        let scene = try RequestScene()
        _ = try await scene.filed()
        let ask = LeaseAsk(worker: "w", reports: ["progress-exhaust"])
        #expect(try await scene.service.jobs.lease(ask) != nil)
        let before = scene.audit.all.count
        let body = #"{"report":"progress-exhaust","batchId":"b1","password":"another horse battery"}"#
        #expect(await scene.post("/v1/requests", body).status == 409)
        let asked =
            #"{"tag":"do_course_b1","dataset":"progress-exhaust","datasetConfig":{"batchId":"b1"},"encryptionKey":"other","requestedBy":"admin-1"}"#
        let told = await scene.send(
            .post, "/request/submit", #"{"request":\#(asked)}"#, fields: [("Content-Type", "application/json")])
        #expect(told.status == 409)
        #expect(scene.audit.all.count == before)
    }

    @Test func `a failed request tells why until it is asked for again`() async throws {
        let scene = try RequestScene()
        let address = try await scene.filed()
        let refusal = ExhaustError(.refused, "rule: it says no", remedy: "Ask for something else.")
        try await scene.service.work("worker-1", .at(5, .fail(refusal)))
        let failed = try await scene.get(address).json()
        #expect(failed["state"]?.text == "FAILED" && failed["willRetry"]?.bool == false)
        #expect(
            failed.at("failure.message")?.text == "rule: it says no" && failed.at("failure.mender")?.text == "requester"
        )
        let body = #"{"password":"correct horse battery"}"#
        let again = try await scene.post(address + "/retry", body).json()
        #expect(again["state"]?.text == "SUBMITTED" && again["failure"] == .null)
        try await scene.service.work()
        #expect(try await scene.get(address).json()["state"]?.text == "SUCCESS")
    }

    @Test func `a fresh one replaces one's own, and is a new one beside somebody else's`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        let body = #"{"password":"another horse battery"}"#
        let own = try await scene.post(address + "/fresh", body).json()
        #expect(address.hasSuffix(try #require(own["requestId"]?.text)) && own["state"]?.text == "SUBMITTED")
        #expect(own.at("actions.download")?.bool == true)
        try await scene.service.work()
        let other = await scene.post(address + "/fresh", body, as: "admin-2@org-1")
        #expect(other.status == 201)
        let made = try await other.json()
        #expect(made["requestedBy"]?.text == "admin-2" && !address.hasSuffix(made["requestId"]?.text ?? ""))
        #expect(try await scene.get(address).json()["state"]?.text == "SUCCESS")
    }

    @Test func `a request whose files have expired says so and keeps its receipt`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        scene.service.clock.advance(seconds: 40 * 86_400)
        _ = try await Housekeeping(ports: scene.service.ports(), reports: ["progress-exhaust"]).expire(days: 30)
        let expired = try await scene.get(address).json()
        #expect(expired["expired"]?.bool == true && expired["files"]?.elements?.isEmpty == true)
        #expect(expired.at("actions.download")?.bool == false && expired.at("actions.fresh")?.bool == true)
        #expect(await scene.get(address + "/receipt").status == 200)
        #expect(await scene.post(address + "/links", #"{"file":0}"#).status == 404)
    }

    @Test func `nobody gets in without credentials, and nothing is done that cannot be written down`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        for path in ["/v1/reports", "/v1/collections", "/v1/requests", "/v1/events", address] {
            #expect(await scene.get(path, as: nil).status == 401)
        }
        scene.audit.isBroken = true
        let body = #"{"report":"response-exhaust","batchId":"b1","password":"correct horse battery"}"#
        for answer in [
            await scene.post("/v1/requests", body), await scene.get(address + "/receipt"),
            await scene.post(address + "/fresh", #"{"password":"correct horse battery"}"#),
            await scene.post("/v1/preview", #"{"report":"response-exhaust","batchId":"b1"}"#),
        ] { #expect(answer.status == 503) }
        scene.audit.isBroken = false
        #expect(try await scene.get("/v1/requests").json()["requests"]?.elements?.count == 1)
    }
}
