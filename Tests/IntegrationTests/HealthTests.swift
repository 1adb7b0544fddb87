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

        @Test func `a worker says that it is well, and nothing else`() async throws {
            let scene = try await Scene.withSample(learners: 20)
            let id = try await scene.submit("progress-exhaust")
            try await scene.running("work", "--listen", "127.0.0.1:0") { worker in
                let line = try await worker.line { $0.contains("probes-started") }
                let base = String(try #require(try JSONValue(parsing: line)["address"]?.text).dropLast())
                #expect(try await scene.done("health", "--ready", "--address", base).text.contains("ready"))
                let other = try await scene.exhaust("health", "--address", base + "/v1/requests?")
                #expect(other.status == 1 && !other.text.contains(id))
                let second = try await scene.exhaust(
                    "work", "--once", "--listen", String(base.dropFirst("http://".count)))
                #expect(second.status == 1, "an address that is taken is told: \(second.errors)")
                try await worker.line { $0.contains(id) && $0.contains("run-ended") }
                worker.send(SIGTERM)
                #expect(await worker.outcome().status == 0)
            }
        }

        @Test func `idle waits without settings or stores, and ends cleanly when it is told to`() async throws {
            let scene = try Scene(settings: ["EXHAUST_CONFIG": "/nowhere/exhaust.json5"])
            try await scene.running("idle") { idle in
                try await idle.line { $0.contains("idle") }
                idle.send(SIGTERM)
                #expect(await idle.outcome().status == 0)
            }
        }
    }
}
