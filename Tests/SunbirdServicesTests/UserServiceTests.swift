import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import SunbirdServices

@Suite struct UserServiceTests {
    @Test func `roles are those in any organisation, asked with the user's own token`() async throws {
        let server = try await PlatformServer(ImportTables()) { _ in
            .answer(
                200,
                #"{"responseCode":"Ok","result":{"response":{"rootOrg":{"id":"org-7"},"roles":["TOP"],"organisations":[{"roles":["A","B"]},{"roles":["B","C"]},{}]}}}"#
            )
        }
        defer { server.server.end() }
        let user = try await service(server).user("u/1?x=y", token: "secret-token")
        #expect(user == UserRecord(rootOrganisation: "org-7", roles: ["A", "B", "C"]))
        let request = try #require(server.server.requests.first)
        #expect(request.line == "GET /user/v1/read/u%2F1%3Fx%3Dy HTTP/1.1")
        #expect(request.field("x-authenticated-user-token") == "secret-token")
        #expect(request.field("user-id") == "analytics")
    }

    @Test func `whom the service does not know is forbidden in its own words`() async throws {
        let server = try await PlatformServer(ImportTables()) { _ in
            .answer(404, #"{"responseCode":"RESOURCE_NOT_FOUND","params":{"errmsg":"user not found."},"result":{}}"#)
        }
        defer { server.server.end() }
        await #expect(throws: ExhaustError(.forbidden, "user not found.")) {
            _ = try await service(server).user("u1", token: "t")
        }
        for id in ["", ".", ".."] {
            #expect(await failure { _ = try await service(server).user(id, token: "t") }?.code == .forbidden)
        }
    }

    @Test(arguments: [
        LoopbackServer.Reply.answer(500, #"{"responseCode":"OK"}"#), .answer(200, "<html>"), .answer(200, "{}"),
        .silence,
    ])
    func `a service that is not as it should be lets nobody in, for now`(reply: LoopbackServer.Reply) async throws {
        let server = try await PlatformServer(ImportTables()) { _ in reply }
        defer { server.server.end() }
        let error = await failure { _ = try await service(server).user("u-4711", token: "secret-token") }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("4711") == false && error?.description.contains("secret") == false)
    }

    @Test func `a user without an organisation has no roles`() async throws {
        let server = try await PlatformServer(ImportTables()) { _ in
            .answer(200, #"{"responseCode":"OK","result":{"response":{}}}"#)
        }
        defer { server.server.end() }
        #expect(
            try await service(server).user("u1", token: "t") == UserRecord(rootOrganisation: nil, roles: []))
    }

    private func service(_ server: PlatformServer) throws -> UserService {
        try UserService(server.options.users ?? "", options: server.options, client: server.client)
    }
}
