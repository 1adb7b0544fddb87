import HTTPMessages
import HTTPServer
@testable import ReportAPI
import ReportModel
import ReportService
import ReportTesting
import SecureArchive
import Testing
import WebTokens

@Suite struct LinkMinterTests {
    private let clock = ManualClock()
    private let alice = Caller(credential: .session, channel: "org-1", userID: "admin-1", sessionID: "s1")
    private var request: JobRequest {
        var request = JobRequest(
            tag: "t:org-1", requestID: "R1", reportID: "progress-exhaust", requestData: "{}", requestedBy: "admin-1",
            requestedChannel: "org-1", submittedAt: clock.now())
        request.downloadPaths = ["progress-exhaust/R1/b1_progress_20240131.zip", "progress-exhaust/R1/b2.zip"]
        return request
    }

    private func minter(_ settings: LinkSettings = LinkSettings(), master: SymmetricKey? = nil) throws -> LinkMinter {
        try LinkMinter(
            master: MasterKey(try master ?? SymmetricKey.random()), settings: settings, clock: clock)
    }

    private func token(_ path: String) -> String { String(path.dropFirst(LinkMinter.pathPrefix.count)) }

    @Test func `a link opens the file that it was made for, until its time is over`() throws {
        let minter = try minter()
        let (path, expiresAt) = try minter.link(of: 1, in: request, for: alice)
        #expect(expiresAt == clock.now().adding(seconds: 1800))
        let link = try minter.open(token(path))
        try minter.check(link, usedBy: alice)
        #expect(try minter.storedPath(of: link, in: request) == "progress-exhaust/R1/b2.zip")
        clock.advance(seconds: 1799)
        try minter.check(link, usedBy: alice)
        clock.advance(seconds: 1)
        let error = #expect(throws: ExhaustError.self) { try minter.check(link, usedBy: alice) }
        #expect(error?.code == .forbidden)
    }

    @Test func `a link that was altered anywhere is none`() throws {
        let minter = try minter()
        let token = token(try minter.link(of: 0, in: request, for: alice).path)
        for place in token.indices {
            var altered = token
            altered.replaceSubrange(place...place, with: token[place] == "A" ? "B" : "A")
            let error = #expect(throws: ExhaustError.self) { try minter.open(altered) }
            #expect(error?.code == .notFound)
        }
        for other in ["", ".", "AA.AA", String(token.dropLast(2)), token + "AA", "\(token).AA"] {
            #expect(throws: ExhaustError.self) { try minter.open(other) }
        }
    }

    @Test func `a link of another installation is none`() throws {
        let path = try minter().link(of: 0, in: request, for: alice).path
        #expect(throws: ExhaustError.self) { try minter().open(token(path)) }
    }

    @Test func `a link is of the session that asked, and of no other`() throws {
        let minter = try minter()
        let link = try minter.open(token(try minter.link(of: 0, in: request, for: alice).path))
        var others = [alice, alice, alice, alice]
        others[0].sessionID = "s2"
        others[1].userID = "admin-2"
        others[2].channel = "org-2"
        others[3].credential = .token
        for other in others {
            let error = #expect(throws: ExhaustError.self) { try minter.check(link, usedBy: other) }
            #expect(error?.code == .forbidden)
        }
    }

    @Test func `links for everybody have no holder`() throws {
        let minter = try minter()
        let bearer = token(try #require(try minter.bearerLinks(of: request, for: alice).paths.first))
        #expect(try minter.open(bearer).issuedTo?.userID == "admin-1")
        for path in try minter.bearerLinks(of: request, for: alice).paths {
            #expect(try minter.open(token(path)).holder.isEmpty)
        }
        let link = try minter.open(bearer)
        clock.advance(seconds: 1_800)
        #expect(throws: ExhaustError.self) { try minter.check(link, usedBy: alice) }
        var settings = LinkSettings()
        settings.areBearer = true
        let open = try self.minter(settings)
        #expect(try open.open(token(open.link(of: 0, in: request, for: alice).path)).holder.isEmpty)
    }

    @Test func `a link opens no other file that takes the place of its own`() throws {
        let minter = try minter()
        let link = try minter.open(token(try minter.link(of: 0, in: request, for: alice).path))
        var later = request
        later.downloadPaths.reverse()
        #expect(throws: ExhaustError.self) { try minter.storedPath(of: link, in: later) }
        later.downloadPaths = []
        #expect(throws: ExhaustError.self) { try minter.storedPath(of: link, in: later) }
        #expect(throws: ExhaustError.self) { try minter.link(of: 0, in: later, for: alice) }
        #expect(throws: ExhaustError.self) { try minter.link(of: -1, in: request, for: alice) }
    }

    @Test func `a link tells no path and no user`() throws {
        let minter = try minter()
        let paths = try minter.bearerLinks(of: request, for: alice).paths
        for path in paths + [try minter.link(of: 0, in: request, for: alice).path] {
            let text = token(path).prefix { $0 != "." }
            let payload = String(decoding: try #require(Base64URL.decode(text.utf8)), as: UTF8.self)
            #expect(!payload.contains("b1_progress") && !payload.contains("admin-1") && !payload.contains("s1"))
        }
    }

    @Test(arguments: [
        ("", "reports.example.org:8080", "http://reports.example.org:8080"), ("", "[::1]:80", "http://[::1]:80"),
        ("https://r.example.org/", "other", "https://r.example.org"), ("", "a/b", ""), ("", "a@b", ""), ("", "", ""),
    ])
    func `the address is the setting's, else the one that was called`(address: String, host: String, base: String) {
        var settings = LinkSettings()
        settings.address = address
        let request = HTTPRequest(method: .get, path: "/", fields: ["Host": host])
        #expect(LinkAddress.base(of: request, settings: settings) == base)
    }
}
