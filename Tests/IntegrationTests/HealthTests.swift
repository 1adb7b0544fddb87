import Glibc
import ReportModel
import Testing

extension TheProgram {
    /// What those ask who run the program.
    @Suite struct Health {
        @Test func `health answers while the server lives, and fails once it is gone`() async throws {
            let scene = try await Scene.withSample(learners: 5, settings: ["EXHAUST_ACCESS_DEMO": "true"])
            let address = try await scene.running("serve", "--listen", "127.0.0.1:0") { server in
                let line = try await server.line { $0.contains("server-started") }
                let address = try #require(try JSONValue(parsing: line)["address"]?.text)
                let base = String(address.dropLast())
                #expect(try await scene.done("health", "--address", base).text.contains("up"))
                #expect(try await scene.done("health", "--ready", "--address", base).text.contains("ready"))
                #expect(try await scene.exhaust("health", "--address", base + "/nowhere").status == 1)
                server.send(SIGTERM)
                #expect(await server.outcome().status == 0)
                return base
            }
            let gone = try await scene.exhaust("health", "--address", address)
            #expect(gone.status == 1 && gone.text.isEmpty && !gone.errors.isEmpty)
        }
    }
}
