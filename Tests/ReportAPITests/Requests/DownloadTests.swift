import HTTPMessages
import HTTPServer
@testable import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite struct DownloadTests {
    private func link(_ scene: RequestScene, _ address: String, as caller: String = "admin-1@org-1") async throws
        -> String
    {
        let answer = await scene.post(address + "/links", #"{"file":0}"#, as: caller)
        #expect(answer.status == 200)
        return try #require(try await answer.json()["url"]?.text)
    }

    @Test func `a link gives the file under a good name, written down before`() async throws {
        let scene = try RequestScene()
        let address = try await scene.finished()
        let url = try await link(scene, address)
        let answer = await scene.get(url)
        #expect(answer.status == 200)
        let stored = try #require(try await scene.service.jobs.requests(RequestQuery()).first)
        #expect(try await answer.bytes() == (try await scene.service.bytes(of: stored.request.downloadPaths[0])))
        #expect(
            answer.fields["Content-Disposition"]
                == "attachment; filename=\"b1_progress_20240131.zip\"; filename*=UTF-8''b1_progress_20240131.zip")
        #expect(answer.fields["Cache-Control"] == "no-store" && answer.fields["Accept-Ranges"] == "bytes")
        let entry = try #require(scene.audit.all.last)
        #expect(entry.action == .download && entry.request == stored.request.key && entry.address == "192.0.2.7")
        scene.audit.isBroken = true
        #expect(await scene.get(url).status == 503)
    }

    @Test func `a link of another session, another user or nobody opens nothing`() async throws {
        let scene = try RequestScene()
        let url = try await link(scene, try await scene.finished())
        #expect(await scene.get(url, as: "admin-2@org-1").status == 403)
        #expect(await scene.get(url, as: nil).status == 401)
        #expect(await scene.send(.get, url, fields: [("Test-Session", "s2")]).status == 403)
        #expect(await scene.get(url + "A").status == 404)
        #expect(await scene.get("/v1/files/x").status == 404)
        scene.service.clock.advance(seconds: 1_801)
        let late = await scene.get(url)
        #expect(late.status == 403)
        #expect(try await late.json()["title"]?.text == "download link: it has expired")
    }

    @Test func `links for everybody need no session, if the setting says so`() async throws {
        var settings = LinkSettings()
        settings.areBearer = true
        settings.address = "https://reports.example.org/"
        let scene = try RequestScene(links: settings)
        let url = try await link(scene, try await scene.finished())
        #expect(url.hasPrefix("https://reports.example.org/v1/files/"))
        #expect(await scene.get(String(url.dropFirst(27)), as: nil).status == 200)
        let entry = try #require(scene.audit.all.last)
        #expect(entry.detail.contains("everybody") && entry.userID == "admin-1" && entry.channel == "org-1")
    }

    @Test func `downloads by a link for everybody count for whom it was given to`() async throws {
        var settings = LinkSettings()
        settings.areBearer = true
        let scene = try RequestScene(links: settings)
        let address = try await scene.finished()
        let url = try await link(scene, address, as: "\(TestAccess.busy)@org-1")
        for method in [HTTPMethod.get, .head] {
            let answer = await scene.send(method, url, as: nil)
            #expect(answer.status == 429 && answer.fields["Retry-After"] == "3")
        }
    }

    @Test func `a link dies with the file, and with the right to see it`() async throws {
        let scene = try RequestScene()
        let url = try await link(scene, try await scene.finished())
        let stored = try #require(try await scene.service.jobs.requests(RequestQuery()).first)
        try await scene.service.files.remove(stored.request.downloadPaths[0])
        #expect(await scene.get(url).status == 404)
        try await scene.service.jobs.forgetFiles(stored.request.key)
        #expect(await scene.get(url).status == 404)
    }

    @Test func `a file that has not been made has no link`() async throws {
        let scene = try RequestScene()
        let address = try await scene.filed()
        #expect(await scene.post(address + "/links", #"{"file":0}"#).status == 404)
        #expect(await scene.post(address + "/links", #"{"file":"x"}"#).status == 400)
        #expect(await scene.post(address + "/links").status == 400)
    }

    @Test func `a part of a file can be had, and the rest later if the file is the same`() async throws {
        let scene = try RequestScene()
        let url = try await link(scene, try await scene.finished())
        let whole = try await scene.get(url).bytes()
        let first = await scene.send(.get, url, fields: [("Range", "bytes=0-99")])
        #expect(first.status == 206 && first.fields["Content-Range"] == "bytes 0-99/\(whole.count)")
        #expect(try await first.bytes() == Array(whole[..<100]))
        let mark = try #require(first.fields["ETag"])
        let rest = await scene.send(.get, url, fields: [("Range", "bytes=100-"), ("If-Range", mark)])
        #expect(rest.status == 206)
        #expect(try await rest.bytes() == Array(whole[100...]))
        let other = await scene.send(.get, url, fields: [("Range", "bytes=100-"), ("If-Range", "\"other\"")])
        #expect(other.status == 200)
        #expect(try await other.bytes() == whole)
        let beyond = await scene.send(.get, url, fields: [("Range", "bytes=\(whole.count)-")])
        #expect(scene.audit.all.count { $0.action == .download } == 4)
        #expect(beyond.status == 416 && beyond.fields["Content-Range"] == "bytes */\(whole.count)")
        let head = await scene.send(.head, url, fields: [("Range", "bytes=0-99")])
        #expect(head.status == 200)
        guard case .stream(_, .some(let length)) = head.response.body else {
            Issue.record("no length")
            return
        }
        #expect(length == Int64(whole.count))
    }

    @Test(
        arguments: [
            ("bytes=0-0", .part(0..<1)), ("bytes=0-9", .part(0..<10)), ("bytes=5-", .part(5..<10)),
            ("bytes=-3", .part(7..<10)),
            ("bytes=-30", .part(0..<10)), ("bytes=9-99", .part(9..<10)), ("BYTES= 1 - 2 ", .part(1..<3)),
            ("bytes=0-99999999999999999999", .part(0..<10)), ("bytes=10-", .none), ("bytes=10-11", .none),
            ("bytes=-0", .none),
            ("bytes=99999999999999999999-", .none), ("bytes=3-2", .whole), ("bytes=-", .whole), ("bytes=", .whole),
            ("bytes=0-1,3-4", .whole), ("bytes=a-b", .whole), ("bytes=+1-2", .whole), ("items=0-1", .whole),
            ("", .whole),
            ("bytes=1-2-3", .whole), ("bytes=--1", .whole),
        ] as [(String, ByteRange)])
    func `ranges are read as they are meant`(text: String, range: ByteRange) {
        #expect(ByteRange(text, size: 10) == range)
        if case .part = range { #expect(ByteRange(text, size: 0) == (text == "" ? .whole : .none)) }
    }

    @Test(arguments: [
        ("b1.zip", "b1.zip", "b1.zip"),
        ("कक्षा\".zip", "________________.zip", "%E0%A4%95%E0%A4%95%E0%A5%8D%E0%A4%B7%E0%A4%BE%22.zip"),
        ("a b;c\r\n.zip", "a_b_c__.zip", "a%20b%3Bc%0D%0A.zip"),
    ])
    func `a file name ends neither itself nor the header`(name: String, plain: String, encoded: String) {
        #expect(
            ContentDisposition.attachment(name) == "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)")
    }

    @Test func `a store that signs addresses is read by the browser itself`() async throws {
        let scene = try RequestScene(files: LinkingFiles(size: 7))
        let url = try await link(scene, try await scene.finished())
        let answer = await scene.get(url)
        #expect(answer.status == 307 && answer.fields["Cache-Control"] == "no-store")
        let address = try #require(answer.fields["Location"])
        #expect(address.hasPrefix("https://bucket.example/progress-exhaust/"))
        #expect(address.hasSuffix(".zip&seconds=300"))
        #expect(scene.audit.all.last?.action == .download)
    }

    @Test func `nobody is sent on to a file that is gone`() async throws {
        let scene = try RequestScene(files: LinkingFiles(size: nil))
        #expect(await scene.get(try await link(scene, try await scene.finished())).status == 404)
    }
}

/// A store of nothing, that gives addresses.
private struct LinkingFiles: FileStore, DirectLinking {
    let size: Int64?

    func directLink(to path: String, seconds: Int, downloadName: String?) async throws -> String {
        "https://bucket.example/\(path)?name=\(downloadName ?? "")&seconds=\(seconds)"
    }

    func stage(_ path: String, fencing: Int64) async throws -> any StagedFile {
        throw ExhaustError(.unavailable, "none")
    }
    func publish(_ file: StagedFileName) async throws {}
    func discard(_ file: StagedFileName) async throws {}
    func size(of path: String) async throws -> Int64? { size }
    func read(_ path: String, at offset: Int64, count: Int) async throws -> [UInt8] { [] }
    func remove(_ path: String) async throws {}
    func published() async throws -> [StoredFile] { [] }
    func sweepStaged(before moment: Timestamp, keeping: Set<String>) async throws -> Int { 0 }
}
