import ReportModel
import ReportService
import ReportTesting
import Testing

@Suite struct CatalogueRoutesTests {
    @Test func `reports tell their columns, who is left out, and whether a password is needed`() async throws {
        let scene = try RequestScene()
        let answer = try await scene.get("/v1/reports").json()
        #expect(answer.at("passwordRule.minimumCharacters")?.integer == 12)
        let reports = try #require(answer["reports"]?.elements)
        #expect(
            reports.map { $0["id"]?.text } == [
                "progress-exhaust", "response-exhaust", "userinfo-exhaust", "assessment-score-report",
            ])
        for report in reports {
            #expect(report["allowed"]?.bool == true && report["reason"] == .null)
            #expect(report["needsPassword"]?.bool == true && report["level"]?.text == "PASSWORD_PROTECTED_DATASET")
            #expect((report["columns"]?.elements?.count ?? 0) >= 9)
            for column in report["columns"]?.elements ?? [] {
                #expect(column["meaning"]?.text?.isEmpty == false && column["source"]?.text?.isEmpty == false)
            }
            #expect(report["leftOut"]?.elements?.allSatisfy { $0["text"]?.text?.hasSuffix(".") == true } == true)
        }
        #expect(reports[2]["leftOut"]?.elements?.contains { $0["code"]?.text == "consent-missing" } == true)
        let course = try await scene.get("/v1/reports?collection=do_course").json()
        let labels = course.at("reports.0.columns")?.elements?.compactMap { $0["label"]?.text } ?? []
        #expect(labels.contains("do_quiz - Score") && labels.contains("do_course_unit - Progress"))
    }

    @Test func `a report that roles or the level forbid is shown with the reason`() async throws {
        var tables = CourseTables.make()
        tables.add(
            ["orgid": "org-1", "key": "dataSecurityPolicy", "data": #"{"level":"PLAIN_DATASET"}"#],
            to: "tenant_preference")
        let scene = try RequestScene(tables)
        let guest = try await scene.get("/v1/reports", as: "guest@org-2").json()
        #expect(guest["reports"]?.elements?.allSatisfy { $0["allowed"]?.bool == false } == true)
        #expect(guest.at("reports.0.reason")?.text?.contains("roles") == true)
        let plain = try await scene.get("/v1/reports").json()
        #expect(plain.at("reports.0.allowed")?.bool == true && plain.at("reports.0.needsPassword")?.bool == false)
        #expect(plain.at("reports.2.allowed")?.bool == false)
        #expect(plain.at("reports.2.reason")?.text?.contains("encrypts") == true)
    }

    @Test func `collections are found by name, and their batches counted`() async throws {
        let scene = try RequestScene()
        let found = try await scene.get("/v1/collections?query=first%20COURSE").json()
        #expect(found["collections"]?.elements?.count == 1)
        #expect(found.at("collections.0.identifier")?.text == "do_course")
        #expect(found.at("collections.0.asksForConsent")?.bool == true)
        #expect(try await scene.get("/v1/collections").json()["collections"]?.elements?.count == 3)
        #expect(try await scene.get("/v1/collections?limit=1").json()["collections"]?.elements?.count == 1)
        #expect(await scene.get("/v1/collections?limit=-1").status == 400)
        let batches = try await scene.get("/v1/collections/do_course/batches").json()["batches"]?.elements ?? []
        #expect(batches.map { $0["batchId"]?.text } == ["b1", "b2", "b9"])
        #expect(batches[0]["enrolments"]?.integer == 23 && batches[0]["activeEnrolments"]?.integer == 20)
        #expect(batches.allSatisfy { $0["allowed"]?.bool == true })
        let retired = try await scene.get("/v1/collections/do_retired/batches").json()
        #expect(retired.at("batches.0.allowed")?.bool == false && retired.at("batches.0.reason")?.text != nil)
        #expect(await scene.get("/v1/collections/do_none/batches").status == 404)
    }

    @Test func `how many learners take another organisation's course is not told in its list`() async throws {
        let scene = try RequestScene()
        let batches = try await scene.get("/v1/collections/do_course/batches", as: "admin-9@org-2").json()
        #expect(batches["batches"]?.elements?.map { $0["batchId"]?.text } == ["b1", "b2", "b9"])
        for batch in batches["batches"]?.elements ?? [] {
            #expect(
                batch["enrolments"] == .null && batch["activeEnrolments"] == .null && batch["allowed"]?.bool == true)
        }
    }

    @Test func `a pasted id of a collection or a batch is found, also where names are not`() async throws {
        for (scene, isByName) in [(try RequestScene(), true), (try RequestScene(tap: PortTap()), false)] {
            func find(_ query: String, as caller: String = "admin-1@org-1") async throws -> JSONValue {
                try await scene.get("/v1/collections?query=\(query)", as: caller).json()
            }
            #expect(try await find("")["byName"]?.bool == isByName)
            #expect(try await find("first")["collections"]?.elements?.count == (isByName ? 1 : 0))
            let batch = try await find("b2")
            #expect(batch["collections"]?.elements?.count == 1)
            #expect(batch.at("collections.0.identifier")?.text == "do_course")
            #expect(batch.at("collections.0.batchId")?.text == "b2")
            #expect(try await find("b404")["collections"]?.elements?.isEmpty == true)
            let batches = try await scene.get("/v1/collections/do_course/batches").json()
            #expect((batches.at("batches.0.enrolments") == .null) == !isByName)
        }
    }

    @Test func `a pasted collection is found where names are not`() async throws {
        var tables = CourseTables.make()
        tables.add(
            ["identifier": "do_7", "name": "Seven", "channel": "org-1", "status": "Live"], to: "content")
        tables.add(["courseid": "do_7", "batchid": "b70", "name": "B"], to: "course_batch")
        let scene = try RequestScene(tables, tap: PortTap())
        let found = try await scene.get("/v1/collections?query=do_7").json()
        #expect(found.at("collections.0.name")?.text == "Seven" && found.at("collections.0.batchId") == .null)
    }
}
