import Glibc
import ReportModel
import Testing

extension TheProgram {
    /// API and page as they are served.
    @Suite struct Serve {
        /// Serves a sample course in demo mode while `body` runs; the address has no slash at its end.
        private func serving(
            _ settings: [String: String] = [:], _ arguments: [String] = [], learners: Int = 20,
            _ body: (Scene, RunningProgram, String) async throws -> Void
        ) async throws {
            let all = ["EXHAUST_ACCESS_DEMO": "true"].merging(settings) { $1 }
            let scene = try await Scene.withSample(learners: learners, settings: all)
            let server = try scene.start(["serve", "--listen", "127.0.0.1:0"] + arguments)
            do {
                let line = try await server.line { $0.contains("server-started") }
                let address = try #require(try JSONValue(parsing: line)["address"]?.text)
                try await body(scene, server, String(address.dropLast()))
            } catch {
                server.send(SIGKILL)
                _ = await server.outcome()
                throw error
            }
            server.send(SIGTERM)
            let outcome = await server.outcome()
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("server-stopped"))
        }

        @Test func `a worker in the same process makes the files, and the metrics count them`() async throws {
            try await serving([:], ["--work"]) { scene, server, base in
                let id = try await scene.submit("progress-exhaust")
                try await server.line { $0.contains(id) && $0.contains("run-ended") }
                let metrics = try await Programs.python("get.py", base + "/metrics")
                #expect(metrics.text.contains(#"exhaust_requests{report="progress-exhaust",state="SUCCESS"} 1"#))
                #expect(metrics.text.contains(#"exhaust_rows_total{report="progress-exhaust"} "#))
                #expect(metrics.text.contains("process_resident_memory_bytes "))
            }
        }

        @Test(.needsPython) func `the OpenAPI document has every operation, described, and no other`() async throws {
            try await serving { _, _, base in
                let outcome = try await Programs.python("check_openapi.py", base)
                #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
            }
        }

        /// Holds what the server answers against its OpenAPI document; `fields` say who asks.
        private func expectAsDocumented(_ base: String, examples: Int, fields: [String] = []) async throws {
            // It keeps notes where it runs.
            let notes = try TemporaryFolder()
            let outcome = try await Programs.run(
                "schemathesis",
                [
                    "run", base + "/openapi.json", "--max-examples", "\(examples)", "--seed", "1", "--phases",
                    "examples,coverage,fuzzing", "--checks",
                    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                    // Event streams have no end to wait for.
                    "--exclude-path-regex", "/events$", "--request-timeout", "30", "--no-color",
                ] + fields.flatMap { ["--header", $0] }, folder: notes.path)
            #expect(outcome.status == 0, "\(outcome.text.suffix(6_000))\(outcome.errors.suffix(1_000))")
            withExtendedLifetime(notes) {}
        }

        @Test(.needsSchemathesis) func `the server does what its OpenAPI document says`() async throws {
            try await serving { _, _, base in try await expectAsDocumented(base, examples: 12) }
        }

        @Test(.needsSchemathesis) func `it does so too for who is not signed in, may not, or comes with a token`()
            async throws
        {
            let keys = try TemporaryFolder()
            let settings = [
                "EXHAUST_ACCESS_DEMO": "false", "EXHAUST_ACCESS_TOKEN_KEYS": "\(keys.path)/keys/jwks.json",
                "EXHAUST_ACCESS_TOKEN_ISSUERS": "exhaust-development", "EXHAUST_RATE_USER_PERMINUTE": "0",
            ]
            func token(_ role: String) async throws -> String {
                let outcome = try await Programs.run(
                    Programs.exhaust,
                    [
                        "token", "--keys", "\(keys.path)/keys", "--user", "u-1", "--role", role, "--organisation",
                        Scene.organisation,
                    ])
                #expect(outcome.status == 0, "\(outcome.errors)")
                return String(outcome.text.dropLast())
            }
            let (student, admin) = (try await token("STUDENT"), try await token("ORG_ADMIN"))
            try await serving(settings) { _, _, base in
                try await expectAsDocumented(base, examples: 3)
                for token in [student, admin] {
                    try await expectAsDocumented(
                        base, examples: 3,
                        fields: ["x-authenticated-user-token: \(token)", "X-Channel-ID: \(Scene.organisation)"])
                }
            }
            withExtendedLifetime(keys) {}
        }

        @Test(.needsPython) func `ten thousand idle connections keep nobody out, and are closed`() async throws {
            let settings = ["EXHAUST_HTTP_HEADSECONDS": "10"]
            try await serving(settings) { _, _, base in
                let port = try #require(base.split(separator: ":").last)
                let outcome = try await Programs.python("idle_connections.py", "127.0.0.1", String(port), "10000", "30")
                #expect(outcome.status == 0, "\(outcome.errors)")
                let told = try JSONValue(parsing: outcome.text)
                #expect(told["left"]?.integer == 0)
                let served = try #require(told["served"]?.double)
                #expect(served < 30)
            }
        }

        @Test(.needsPython) func `it speaks TLS with the certificate that it was given`() async throws {
            let folder = try TemporaryFolder()
            let (key, certificate) = ("\(folder.path)/key.pem", "\(folder.path)/certificate.pem")
            let made = try await Programs.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                ])
            #expect(made.status == 0, "\(made.errors)")
            let settings = ["EXHAUST_HTTP_TLS_CERTIFICATE": certificate, "EXHAUST_HTTP_TLS_KEY": key]
            try await serving(settings) { _, _, base in
                #expect(base.hasPrefix("https://"))
                let port = try #require(base.split(separator: ":").last)
                let outcome = try await Programs.python("tls_answer.py", "127.0.0.1", String(port), certificate)
                #expect(outcome.text.hasPrefix("TLSv1.3\nHTTP/1.1 200 OK"), "\(outcome.text)\(outcome.errors)")
                #expect(outcome.text.contains("Strict-Transport-Security: max-age="))
            }
            withExtendedLifetime(folder) {}
        }
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var needsSchemathesis: Self {
        .enabled("schemathesis is not installed") {
            if Programs.requiresAll { return true }
            return await Programs.answers("schemathesis", "--version")
        }
    }
}
