import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportAPI
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import SQLiteJobs
import SecureArchive
import Testing

/// Replays what upstream's real service answered.
@Suite struct UpstreamContractTests {
    @Test func `there are as many recordings as the note says, and every mended one is among them`() throws {
        let names = Set(try UpstreamAnswer.all.get().map(\.testDescription))
        #expect(try UpstreamAnswer.all.get().count == 146)
        #expect(MendedAnswers.all.keys.filter { !names.contains($0) } == [])
    }

    @Test func `every recorded answer is ours, too, but for what is mended`() async throws {
        for recorded in try UpstreamAnswer.all.get() { try await replay(recorded) }
    }

    private func replay(_ recorded: UpstreamAnswer) async throws {
        let now = try moment(of: recorded)
        var settings = ServiceSettings()
        settings.validatesEarly = false
        settings.otherDatasets = ["druid-dataset"]
        settings.datasetEditors = ["c1"]
        settings.requestDateOffsetMinutes = recorded.offsetMinutes
        let scene = try await DialectScene(
            at: now, settings: settings,
            channels: [
                "org-7", "org-8", "in.ekstep", "ORG-5", "01269878797503692810", String(repeating: "x", count: 51),
            ], batchScope: .organisation)
        let ids = try requestIDs(of: recorded, at: now)
        for statement in recorded.before {
            try scene.sql(ids.map { statement.replacing($0.upstream, with: $0.ours) } ?? statement)
        }
        let method = recorded.request["method"]?.text ?? ""
        let body = recorded.request["body"]?.text
        var fields = recorded.fields
        if fields["x-authenticated-user-token"]?.isEmpty == false {
            fields["x-authenticated-user-token"] = try scene.token(fields["X-Authenticated-Userid"] ?? "")
        }
        // Upstream asks nobody who they are here; we do (design.md 9).
        if Self.openUpstream.contains(recorded.path), fields["X-Channel-ID"] == nil,
            recorded.status == 200 || recorded.path.hasPrefix("/refresh-cache/")
        {
            let nobody = await scene.send(.init(rawValue: method), recorded.path, body, fields: fields)
            #expect(nobody.status == 403, "\(recorded.testDescription)")
            fields["X-Channel-ID"] = "org-7"
            fields["X-Consumer-ID"] = "c1"
        }
        let response = await scene.send(.init(rawValue: method), recorded.path, body, fields: fields)
        try check(response, recorded, ids, AnswerTemplate(now: now))
        try await checkRows(recorded, ids, scene)
        await scene.close()
    }

    private static let openUpstream = [
        "/dataset/add", "/dataset/list", "/dataset/list?limit=1", "/request/search", "/refresh-cache/Nope",
        "/refresh-cache/ConsumerChannel",
    ]

    private func check(
        _ response: HTTPResponse, _ recorded: UpstreamAnswer, _ ids: (upstream: String, ours: String)?,
        _ template: AnswerTemplate
    ) throws {
        let name = Comment(rawValue: recorded.testDescription)
        var expected = recorded.answer
        var status = recorded.status
        switch MendedAnswers.all[recorded.testDescription] {
        case .error(let code, let word, let message):
            let text = try response.json
            #expect(response.status == code, name)
            #expect(text["responseCode"]?.text == word && text["params"]?["err"]?.text == word, name)
            #expect(text["params"]?["errmsg"]?.text == message.replacing("<id>", with: ids?.ours ?? ""), name)
            #expect(text["result"] == .null && text["params"]?["status"]?.text == "failed", name)
            return
        case .shown(let result):
            #expect(response.status == 200, name)
            let answer = try response.json
            #expect(answer["responseCode"]?.text == "OK" && answer["params"]?["status"]?.text == "successful", name)
            let id = ids?.ours ?? Self.readID(recorded)
            let expected = JSONValue.object(
                (result.objectMembers ?? []).map { $0.name == "requestId" ? .init($0.name, .string(id)) : $0 })
            #expect(template.differences(expected, answer["result"] ?? .null) == [], name)
            return
        case .hits(let jobs):
            #expect(response.status == 200, name)
            #expect(try response.json["result"]?["jobs"]?.elements?.count == jobs, name)
            return
        case .text(let text):
            #expect(response.status == 200 && response.text == text, name)
            return
        case .result(let changes):
            status = 200
            expected = replacing(changes, in: expected)
        case nil: break
        }
        #expect(response.status == status, name)
        #expect(response.fields["Content-Type"] == "application/json", name)
        guard let expected = ids.map({ replacing(["requestId": .string($0.ours)], in: expected) }) ?? expected else {
            Issue.record("upstream gave no answer, and none is listed as mended: \(recorded.testDescription)")
            return
        }
        let differences = template.differences(expected, try response.json)
        #expect(differences == [], name)
    }

    /// The id that a read asks for.
    private static func readID(_ recorded: UpstreamAnswer) -> String {
        recorded.path.split(separator: "=").last.map(String.init) ?? ""
    }

    private func replacing(_ changes: [String: JSONValue], in answer: JSONValue?) -> JSONValue? {
        func changed(_ object: JSONValue) -> JSONValue {
            .object((object.objectMembers ?? []).map { .init($0.name, changes[$0.name] ?? $0.value) })
        }
        guard let answer, let result = answer["result"], result.objectMembers != nil else { return answer }
        return .object((answer.objectMembers ?? []).map { $0.name == "result" ? .init("result", changed(result)) : $0 })
    }

    /// What is in the table afterwards, where the answer is upstream's.
    private func checkRows(
        _ recorded: UpstreamAnswer, _ ids: (upstream: String, ours: String)?, _ scene: DialectScene
    ) async throws {
        guard let ids, MendedAnswers.all[recorded.testDescription] == nil, recorded.status == 200 else { return }
        let name = Comment(rawValue: recorded.testDescription)
        for row in recorded.rows where row["request_id"]?.text == ids.upstream {
            let tag = try #require(row["tag"]?.text)
            if recorded.before.contains(where: { $0.contains("'\(ids.upstream)'") }), tag.hasPrefix("zz") { continue }
            let stored = try #require(try await scene.store.request(ids.ours, tag: tag)?.request, name)
            #expect(stored.reportID == row["job_id"]?.text, name)
            #expect(stored.status.rawValue == row["status"]?.text, name)
            #expect(stored.requestedBy == row["requested_by"]?.text, name)
            #expect(stored.requestedChannel == row["requested_channel"]?.text, name)
            #expect(stored.iteration == row["iteration"]?.integer.map { Int($0) }, name)
            let template = AnswerTemplate(now: scene.clock.now())
            let data = try JSONValue(parsing: row["request_data"]?.text ?? "")
            #expect(template.differences(data, try JSONValue(parsing: stored.requestData)) == [], name)
            // Keys of our own requests are kept sealed, never in the row.
            let isOurs = stored.reportID != "druid-dataset"
            #expect(stored.encryptionKey == (isOurs ? nil : row["encryption_key"]?.text), name)
        }
    }

    /// The recorded moment of what was submitted, else the recorded date with a time after all recorded rows.
    private func moment(of recorded: UpstreamAnswer) throws -> Timestamp {
        if let time = recorded.answer?["result"]?["lastUpdated"]?.integer, recorded.clock != nil {
            return Timestamp(milliseconds: time)
        }
        let text = Array("\(recorded.date) 03:30:00.000".utf8)
        return try #require(text.withUnsafeBytes { Timestamp(parsing: $0) })
    }

    /// The id of what is submitted by upstream's recipe, and by ours, which holds the datasetConfig too (design.md 8).
    private func requestIDs(
        of recorded: UpstreamAnswer, at now: Timestamp
    ) throws -> (upstream: String, ours: String)? {
        guard recorded.path == "/request/submit", let asked = recorded.asked, let dataset = asked["dataset"]?.text
        else { return nil }
        let identity = RequestIdentity(
            report: dataset, tag: asked["tag"]?.text ?? "", requestedBy: asked["requestedBy"]?.text ?? "",
            channel: recorded.fields["X-Channel-ID"] ?? "", date: now.date(offsetMinutes: recorded.offsetMinutes),
            datasetConfig: asked["datasetConfig"] ?? .object([]))
        let type = asked["datasetConfig"]?["type"]?.text.map { "|\($0)" } ?? ""
        let recipe =
            [identity.report, identity.tag, identity.requestedBy, identity.channel, identity.date]
            .joined(separator: "|") + type
        let upstream = Hexadecimal.text(try MD5.hash(Array(recipe.utf8))).uppercased()
        if recorded.status == 200, recorded.name != "Unicode tag" {
            // The recipe is upstream's: the recorded id comes out.
            #expect(recorded.answer?["result"]?["requestId"]?.text == upstream, "\(recorded.testDescription)")
        }
        return (upstream, try identity.requestID(md5: MD5.hash, sha256: SHA256.hash))
    }
}
