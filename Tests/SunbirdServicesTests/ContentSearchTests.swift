import HTTPClient
import ReportModel
import ReportTesting
import ServiceTesting
import Testing

@testable import SunbirdServices

@Suite struct ContentSearchTests {
    @Test func `what is asked is what upstream asks, with pages and an order of our own`() async throws {
        let server = try await PlatformServer(tables(3))
        defer { server.server.end() }
        let body = try JSONValue(
            parsing: #"{"request":{"filters":{"channel":"c"},"limit":1,"offset":5,"fields":["x"],"facets":["y"]}}"#)
        #expect(try await server.search.search(body).map(\.identifier) == ["do_0", "do_1", "do_2"])
        let request = try #require(server.server.requests.first)
        #expect(request.line == "POST /v3/search HTTP/1.1" && request.field("user-id") == "analytics")
        #expect(
            try JSONValue(parsing: request.body).compactText
                == #"{"request":{"filters":{"channel":"c"},"sort_by":{"identifier":"asc"},"fields":["identifier","name","channel","userConsent","status","leafNodesCount"],"limit":100,"offset":0}}"#
        )
    }

    @Test func `many identifiers are asked for in batches`() async throws {
        let server = try await PlatformServer(tables(250))
        defer { server.server.end() }
        let ids = (0..<250).reversed().map { "do_\($0)" }
        #expect(try await server.search.collections(ids: ids + ids + ["do_x"]).map(\.identifier) == ids)
        #expect(server.server.requests.count == 3)
        #expect(try await server.search.titles(of: ids)["do_7"] == "Content 7")
        #expect(try await server.search.collections(ids: []).isEmpty)
    }

    @Test func `hits that come and go while they are read are no answer`() async throws {
        let first = page(count: 150, ids: 0..<100)
        for second in [page(count: 150, ids: 99..<149), page(count: 150, ids: 0..<0)] {
            let server = try await PlatformServer(ImportTables()) { .answer(200, $0.number == 1 ? first : second) }
            #expect(await failure { _ = try await server.search.search(filtered) }?.code == .unavailable)
            server.server.end()
        }
    }

    @Test func `more hits than the service shows are refused`() async throws {
        let server = try await PlatformServer(ImportTables()) { _ in .answer(200, page(count: 10_001, ids: 0..<100)) }
        defer { server.server.end() }
        #expect(await failure { _ = try await server.search.search(filtered) }?.code == .limitExceeded)
    }

    @Test(arguments: [
        LoopbackServer.Reply.answer(500, "{}"), .answer(400, "{}"), .answer(200, "<html>"), .answer(200, "{}"),
        .answer(200, #"{"result":{}}"#), .cut("HTTP/1.1 200"), .silence,
    ])
    func `a service that is not as it should be is asked again later`(reply: LoopbackServer.Reply) async throws {
        let server = try await PlatformServer(ImportTables()) { _ in reply }
        defer { server.server.end() }
        let error = await failure { _ = try await server.search.titles(of: ["do_secret"]) }
        #expect(error?.code == .unavailable && error?.canPass == true)
        #expect(error?.message.hasPrefix("content search: ") == true)
        #expect(error?.description.contains("do_secret") == false)
    }

    @Test func `filters that the service does not take are the requester's to mend, ours are not`() async throws {
        let refusal = #"{"responseCode":"CLIENT_ERROR","params":{"errmsg":"do_secret"}}"#
        let server = try await PlatformServer(ImportTables()) { _ in .answer(400, refusal) }
        defer { server.server.end() }
        let error = await failure { _ = try await server.search.search(filtered) }
        #expect(error?.code == .invalidInput && error?.mender == .requester && error?.canPass == false)
        #expect(error?.description.contains("do_secret") == false)
        #expect(await failure { _ = try await server.search.titles(of: ["do_1"]) }?.code == .unavailable)
    }

    private let filtered = JSONValue.members(
        ("request", .members(("filters", .members(("channel", .string("c")))))))

    private func tables(_ count: Int) -> ImportTables {
        var tables = ImportTables()
        for number in 0..<count {
            tables.add(
                ["identifier": "do_\(number)", "name": "Content \(number)", "channel": "c", "status": "Live"],
                to: "content")
        }
        return tables
    }
}

private func page(count: Int, ids: Range<Int>) -> String {
    let hits = ids.map { #"{"identifier":"do_\#($0)"}"# }.joined(separator: ",")
    return #"{"responseCode":"OK","result":{"count":\#(count),"content":[\#(hits)]}}"#
}
