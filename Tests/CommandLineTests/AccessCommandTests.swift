import Glibc
import ReportAPI
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAudit
import SecureArchive
import Testing
import WebTokens

@testable import exhaust

@Suite struct AccessCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ words: String...) async throws -> String {
        let recorded = try RecordedConsole(columns: 200)
        let status = await ExhaustProgram.tool.execute(words + ["--data", folder.path], on: recorded.console)
        #expect(status == .success, "\(recorded.noted())")
        return recorded.printed()
    }

    // MARK: exhaust token

    private func token(_ options: String...) async throws -> String {
        let recorded = try RecordedConsole()
        let words =
            ["token", "--keys", folder.file("keys"), "--user", "user-7", "--organisation", "org-7"] + options
        #expect(await ExhaustProgram.tool.execute(words, on: recorded.console) == .success)
        return recorded.printed()
    }

    @Test func `a token for development is accepted by whoever names its key`() async throws {
        let text = try await token("--role", "ORG_ADMIN", "--role", "PUBLIC", "--audience", "exhaust").dropLast()
        let file = try TextFile.read(folder.file("keys/jwks.json"), limit: 1 << 20)
        let rules = TokenRules(issuers: [DevelopmentKeys.issuer], audiences: ["exhaust"])
        let claims = try TokenVerifier(rules).claims(
            of: SignedToken(String(text)), keys: TokenKeySource.keys(inFile: file, name: "f"), at: SystemClock().now())
        #expect(claims["sub"]?.text == "user-7")
        #expect(claims["rootOrgId"]?.text == "org-7")
        #expect(claims["realm_access"]?["roles"] == .array([.string("ORG_ADMIN"), .string("PUBLIC")]))
        let end = try #require(claims["exp"]?.integer)
        #expect(end - (claims["iat"]?.integer ?? 0) == 8 * 3_600)
    }

    @Test func `the key is made once, and only its owner can read it`() async throws {
        _ = try await token()
        let key = try TextFile.read(folder.file("keys/private.pem"), limit: 1 << 20)
        let answer = try JSONValue(parsing: try await token("--json", "--minutes", "1"))
        #expect(answer["keySet"]?.text == folder.file("keys/jwks.json"))
        #expect(try TextFile.read(folder.file("keys/private.pem"), limit: 1 << 20) == key)
        var information = stat()
        #expect(stat(folder.file("keys/private.pem"), &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
        let published = try TextFile.read(folder.file("keys/jwks.json"), limit: 1 << 20)
        #expect(!String(decoding: published, as: UTF8.self).contains("\"d\""))
    }

    // MARK: exhaust audit

    private func entries() async throws {
        let store = try await SQLiteAuditStore.open(
            path: folder.file("audit.db"), keepDays: 365, clock: { Timestamp(milliseconds: 1_706_691_600_000) })
        try await store.append(
            AuditEntry(
                action: .download, userID: "user-7", channel: "org-7", report: "progress-exhaust",
                request: RequestKey(tag: "t:org-7", requestID: "R1"), batches: ["b1", "b2", "b3", "b4", "b5"],
                address: "192.0.2.7"))
        try await store.append(
            AuditEntry(
                action: .refused, userID: nil, channel: "x\u{1B}[31m\u{202E}", address: "192.0.2.9", detail: "thing: no"
            ))
        await store.close()
    }

    @Test func `the audit log is listed, newest first, for people and for programs`() async throws {
        try await entries()
        let table = try await run("audit")
        let lines = table.split(separator: "\n")
        #expect(lines.count == 3 && lines[1].contains("refused") && lines[2].contains("download"))
        #expect(lines[0].contains("batches") && lines[2].contains("b1, b2, b3 and 2 more"))
        #expect(!table.contains("\u{1B}") && !table.contains("\u{202E}"))
        let json = try JSONValue(parsing: try await run("audit", "--json"))
        #expect(json["count"] == .integer(2))
        let entry = try #require(json["entries"]?.elements?.last)
        #expect(entry["batches"]?.elements?.count == 5)
        #expect(entry["user"]?.text == "user-7" && entry["requestId"]?.text == "R1" && entry["tag"]?.text == "t:org-7")
        #expect(entry["at"]?.text == "2024-01-31T09:00:00.000Z" && entry["address"]?.text == "192.0.2.7")
    }

    @Test(arguments: [
        (["--user", "user-7"], 1), (["--action", "refused"], 1), (["--action", "refused", "--action", "download"], 2),
        (["--request", "R1"], 1), (["--channel", "org-7"], 1), (["--channel", "org-8"], 0), (["--limit", "1"], 1),
        (["--since", "2024-01-31T09:00:01Z"], 0), (["--since", "2024-01-31"], 2),
    ])
    func `the audit log is filtered`(options: [String], count: Int) async throws {
        try await entries()
        let recorded = try RecordedConsole()
        let words = ["audit", "--json", "--data", folder.path] + options
        #expect(await ExhaustProgram.tool.execute(words, on: recorded.console) == .success)
        #expect(try JSONValue(parsing: recorded.printed())["count"] == .integer(count))
    }

    @Test func `a folder that nobody served from has an empty log`() async throws {
        #expect(try await run("audit", "--json") == "{\"count\":0,\"entries\":[]}\n")
        #expect(access(folder.file("audit.db"), F_OK) != 0)
        let recorded = try RecordedConsole()
        let words = ["audit", "--since", "yesterday", "--data", folder.path]
        #expect(await ExhaustProgram.tool.execute(words, on: recorded.console) == .usage)
        #expect(recorded.noted().contains("--since: `yesterday` is no day or moment"))
    }
}
