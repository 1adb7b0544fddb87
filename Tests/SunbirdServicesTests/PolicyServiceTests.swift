import HTTPClient
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import SunbirdServices

@Suite struct PolicyServiceTests {
    @Test func `a missing policy is one that the service itself says is missing`() async throws {
        let missing = try await policies(.answer(400, #"{"responseCode":"CLIENT_ERROR","result":{}}"#))
        #expect(try await missing.level(of: "o", report: "progress-exhaust") == nil)
        for reply in [
            .answer(400, "bad gateway"), .answer(404, "{}"), .answer(500, "{}"), .answer(200, #"{"result":{}}"#),
        ]
            as [LoopbackServer.Reply]
        {
            let broken = try await policies(reply)
            let error = await failure { _ = try await broken.level(of: "o", report: "progress-exhaust") }
            #expect(error?.code == .unavailable && error?.message.hasPrefix("tenant preferences: ") == true)
        }
    }

    @Test func `a key is fetched from where the organisation says`() async throws {
        let server = try await PlatformServer(ImportTables()) { request in
            request.line.hasPrefix("GET") ? nil : .answer(200, organisation("o", "http://127.0.0.1:9/key.pem"))
        }
        let real = try await PlatformServer(ImportTables()) { request in
            request.line.hasPrefix("GET") ? nil : .answer(200, organisation("o", server.server.address + "/key.pem"))
        }
        defer {
            server.server.end()
            real.server.end()
        }
        let found = try await policies(real).publicKey(of: "o")
        #expect(found.map { String(decoding: $0, as: UTF8.self) }?.hasPrefix("-----BEGIN PUBLIC KEY-----") == true)
        #expect(try await policies(real).publicKey(of: "other") == nil)
        #expect(await failure { _ = try await policies(server).publicKey(of: "o") }?.code == .unavailable)
    }

    @Test func `a key without TLS comes from named hosts alone, and never from a file`() async throws {
        for place in ["http://elsewhere.example/key.pem", "file:///etc/passwd", "http://user:pw@127.0.0.1/"] {
            let server = try await PlatformServer(ImportTables()) { _ in .answer(200, organisation("o", place)) }
            let error = await failure { _ = try await policies(server).publicKey(of: "o") }
            #expect(error?.code == .refused || error?.code == .invalidInput)
            #expect(error?.message.contains("pw") == false)
            server.server.end()
        }
    }

    @Test func `what is no key is refused, however large`() async throws {
        for (text, code) in [
            ("<html>", ExhaustError.Code.dataDamaged), (String(repeating: "x", count: 70_000), .limitExceeded),
        ] {
            let keys = try LoopbackServer { _ in .answer(200, text) }
            let server = try await PlatformServer(ImportTables()) { _ in
                .answer(200, organisation("o", keys.address + "/key.pem"))
            }
            #expect(await failure { _ = try await policies(server).publicKey(of: "o") }?.code == code)
            keys.end()
            server.server.end()
        }
    }

    @Test func `services without an address are left to the other source`() async throws {
        let memory = MemoryCatalogue(try LearnerScene.tables())
        let policies = try PlatformPolicies(memory, options: ServiceOptions(), client: try await CurlClient())
        #expect(try await policies.level(of: "org-1", report: "progress-exhaust") == .textKey)
        #expect(try await policies.publicKey(of: "org-1") != nil)
        #expect(throws: ExhaustError.self) {
            try PlatformPolicies(
                memory, options: ServiceOptions(preferences: "ftp://x"), client: PlatformServerUnused())
        }
    }

    private func policies(_ reply: LoopbackServer.Reply) async throws -> PlatformPolicies {
        try policies(try await PlatformServer(ImportTables()) { _ in reply })
    }

    private func policies(_ server: PlatformServer) throws -> PlatformPolicies {
        try PlatformPolicies(MemoryCatalogue(ImportTables()), options: server.options, client: server.client)
    }
}

private func organisation(_ id: String, _ place: String) -> String {
    #"{"result":{"response":{"count":1,"content":[{"id":"\#(id)","keys":{"exhaustEncryptionKey":["\#(place)"]}}]}}}"#
}

private struct PlatformServerUnused: WebClient {
    func send(_ request: WebRequest) async throws -> WebAnswer { WebAnswer(status: 500) }
}
