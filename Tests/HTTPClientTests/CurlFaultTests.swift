import HTTPClient
import HTTPMessages
import ReportModel
import ServiceTesting
import Testing

@Suite struct CurlFaultTests {
    @Test func `no message tells more of an address than scheme and host`() async throws {
        let server = try LoopbackServer { _ in .cut("") }
        let client = try await CurlClient()
        let secret = "/user/u-4711?token=geheim"
        var errors: [ExhaustError?] = [await failure(client, server.address + secret)]
        server.end()
        errors.append(await failure(client, server.address + secret))
        errors.append(await failure(client, "http://localhost.invalid" + secret))
        for error in errors {
            let text = try #require(error).description + "\(String(describing: error?.cause))"
            #expect(!text.contains("4711") && !text.contains("geheim") && !text.contains("user/"), "\(text)")
        }
        #expect(errors.map { $0?.cause as? WebFailure } == [.cut, .notConnected, .notConnected])
        #expect(errors.allSatisfy { $0?.code == .unavailable && $0?.canPass == true })
        await client.close()
    }

    @Test func `a server that says nothing is given up in time`() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.end() }
        let client = try await CurlClient()
        let error = await failure(client, server.address, patience: Patience(whole: 0.05))
        #expect(error?.cause as? WebFailure == .timedOut)
        #expect(error?.message == "GET \(server.address): it did not answer in time")
        await client.close()
    }

    @Test func `an answer that ends too early is none`() async throws {
        let server = try LoopbackServer { _ in .cut("HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nabc") }
        defer { server.end() }
        let client = try await CurlClient()
        #expect(await failure(client, server.address)?.cause as? WebFailure == .cut)
        await client.close()
    }

    @Test func `an answer over the limit is refused, told or not`() async throws {
        let server = try LoopbackServer {
            $0.number == 1 ? .answer(200, "12345") : .cut("HTTP/1.1 200 X\r\n\r\n123456789")
        }
        defer { server.end() }
        let client = try await CurlClient()
        for _ in 0..<2 {
            let error = await failure(client, server.address, limit: 4)
            #expect(error?.code == .limitExceeded)
            #expect(error?.message == "answer: over 4 bytes, which is the limit")
        }
        await client.close()
    }

    @Test func `endless header fields are refused`() async throws {
        let fields = (0..<3_000).map { "X-\($0): \(String(repeating: "y", count: 80))" }
        let server = try LoopbackServer { _ in .answer(200, fields: fields) }
        defer { server.end() }
        let client = try await CurlClient()
        #expect(await failure(client, server.address)?.code == .limitExceeded)
        await client.close()
    }

    @Test(arguments: [
        "ftp://a/b", "file:///etc/passwd", "a", "http://", "http://user:pw@a/", "http://a b/", "http://a/ü",
        "http://a:0/", "http://a:99999/", "http://a\\@b/", "gopher://a",
    ])
    func `only addresses of HTTP are asked`(url: String) async throws {
        let client = try await CurlClient()
        let error = await failure(client, url)
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("pw") == false)
        await client.close()
    }

    @Test func `fields cannot smuggle others in`() async throws {
        let client = try await CurlClient()
        for fields in [["A": "b\r\nC: d"], ["A\n": "b"], ["": "b"], ["A:": "b"], ["A": "b\u{0}"]] as [HTTPFields] {
            do {
                _ = try await client.send(WebRequest(.get, "http://127.0.0.1:1", fields: fields))
                Issue.record("it was sent")
            } catch let error as ExhaustError {
                #expect(error.code == .invalidInput)
            }
        }
        await client.close()
    }

    @Test func `a cancelled request ends`() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { _ in
            asked.continuation.yield()
            return .silence
        }
        defer { server.end() }
        let client = try await CurlClient()
        let task = Task { try await client.send(WebRequest(.get, server.address)) }
        for await _ in asked.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await client.close()
    }

    private func failure(
        _ client: CurlClient, _ url: String, patience: Patience = Patience(), limit: Int = 1_000
    ) async -> ExhaustError? {
        do {
            _ = try await client.send(WebRequest(.get, url, patience: patience, answerLimit: limit))
            return nil
        } catch {
            return error as? ExhaustError
        }
    }
}
