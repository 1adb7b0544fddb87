import HTTPMessages
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Testing
import WebTokens

/// Lists that go on: rights come before limits.
@Suite struct RequestPagesTests {
    /// Files so many requests about a batch, a second apart.
    private func file(_ count: Int, about batch: String, in scene: RequestScene, from first: Int = 0) async throws {
        for number in first..<(first + count) {
            let row = JobRequest(
                tag: "t\(number):org-1", requestID: "\(batch)-\(number)", reportID: "progress-exhaust",
                requestData: #"{"batchId":"\#(batch)"}"#, requestedBy: "somebody", requestedChannel: "org-1",
                submittedAt: scene.service.clock.now())
            _ = try await scene.ports.service.jobs.submit(Submission(request: row))
            scene.service.clock.advance(seconds: 1)
        }
    }

    /// Ids and cursor of a page.
    private func page(
        _ query: String, _ scene: RequestScene, as caller: String = "admin-1@org-1"
    ) async throws -> (ids: [String], next: String?) {
        let answer = try await scene.get("/v1/requests?\(query)", as: caller).json()
        #expect(answer["next"] != nil)
        return ((answer["requests"]?.elements ?? []).compactMap { $0["requestId"]?.text }, answer["next"]?.text)
    }

    @Test func `every request can be reached, page by page, and none comes twice`() async throws {
        let scene = try RequestScene()
        try await file(7, about: "b1", in: scene)
        var (ids, next) = try await page("limit=3", scene)
        #expect(ids == ["b1-6", "b1-5", "b1-4"])
        // What is filed meanwhile is newer, and no matter of the next page.
        try await file(1, about: "b2", in: scene)
        while let cursor = next {
            let more = try await page("limit=3&before=\(cursor)", scene)
            (ids, next) = (ids + more.ids, more.next)
        }
        #expect(ids == (0..<7).reversed().map { "b1-\($0)" })
    }

    @Test func `a page that ends with the last request names no next one`() async throws {
        let scene = try RequestScene()
        try await file(3, about: "b1", in: scene)
        #expect(try await page("limit=3", scene).next == nil)
        #expect(try await page("limit=2", scene).next != nil)
        #expect(try await page("limit=3&state=failed", scene) == ([], nil))
    }

    @Test func `a mentor's page is filled with their own, however many of others lie between`() async throws {
        let scene = try RequestScene(CourseTables.mentored())
        try await file(3, about: "b1", in: scene)
        try await file(RequestPagesTests.others, about: "b2", in: scene)
        let first = try await page("limit=2", scene, as: "mentor-1@org-1")
        #expect(first.ids == ["b1-2", "b1-1"])
        let cursor = try #require(first.next)
        #expect(try await page("limit=2&before=\(cursor)", scene, as: "mentor-1@org-1") == (["b1-0"], nil))
    }

    /// More than are read in one go.
    private static let others = 620

    @Test func `a cursor tells nothing, and opens for the own organisation alone`() async throws {
        let scene = try RequestScene()
        try await file(3, about: "b1", in: scene)
        let cursor = try #require(try await page("limit=1", scene).next)
        let decoded = String(decoding: try #require(Base64URL.decode(cursor.utf8)), as: UTF8.self)
        #expect(!decoded.contains("b1-2") && !decoded.contains("org-1"))
        let altered = cursor.prefix(40) + (cursor.dropFirst(40).hasPrefix("A") ? "B" : "A") + cursor.dropFirst(41)
        for (text, caller) in [
            (cursor, "admin-9@org-2"), (String(cursor.dropLast()), "admin-1@org-1"), ("x", "admin-1@org-1"),
            (String(altered), "admin-1@org-1"),
            (String(repeating: "A", count: 4_000), "admin-1@org-1"),
        ] {
            let answer = await scene.get("/v1/requests?before=\(text)", as: caller)
            #expect(answer.status == 400)
            #expect(try await answer.json()["title"]?.text == "before: it is no `next` of a page")
        }
    }
}
