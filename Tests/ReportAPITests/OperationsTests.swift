import HTTPMessages
import HTTPServer
import JobLifecycle
import ReportModel
import ReportPorts
import ReportTesting
import SecureArchive
import Testing

@testable import ReportAPI

@Suite struct OperationsTests {
    private let clock = ManualClock()

    private func body(_ response: HTTPResponse) throws -> String {
        guard case .bytes(let bytes) = response.body else { throw ExhaustError(.internalFault, "no body") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func ask(_ path: String, _ routes: [Route], fields: HTTPFields = [:], peer: String = "127.0.0.1")
        async throws -> HTTPResponse
    {
        let route = try #require(routes.first { $0.pattern.description == path })
        let request = HTTPRequest(method: .get, path: path, fields: fields, peer: peer)
        return try await route.respond(APIRequest(http: request, parameters: [:], caller: nil, bodyLimit: 0))
    }

    @Test func `a program that runs is up, whatever else is down`() async throws {
        let broken = Readiness([.init("jobs") { throw ExhaustError(.unavailable, "no") }], sleep: clock.sleep)
        let response = try await ask("/health", OperationRoutes.make(broken, nil))
        #expect(response.status == 200)
        #expect(try body(response) == #"{"status":"up"}"#)
    }

    @Test func `it is ready when everything works, and names what does not by code alone`() async throws {
        let works = Readiness.Check("files") {}
        let ready = try await ask("/ready", OperationRoutes.make(Readiness([works], sleep: clock.sleep), nil))
        #expect(ready.status == 200)
        #expect(try body(ready) == #"{"status":"ready","checks":{"files":"up"}}"#)
        let fails = Readiness.Check("jobs") { throw ExhaustError(.storageFailed, "/secret/path: broken") }
        let unready = try await ask("/ready", OperationRoutes.make(Readiness([works, fails], sleep: clock.sleep), nil))
        #expect(unready.status == 503)
        #expect(try body(unready) == #"{"status":"unready","checks":{"files":"up","jobs":"storageFailed"}}"#)
    }

    @Test func `what it can do without makes it no less ready, and is named`() async throws {
        let works = Readiness.Check("jobs") {}
        let spare = Readiness.Check("bucket", isNeeded: false) { throw ExhaustError(.unavailable, "https://s: down") }
        let response = try await ask(
            "/ready", OperationRoutes.make(Readiness([works, spare], sleep: clock.sleep), nil))
        #expect(response.status == 200)
        #expect(try body(response) == #"{"status":"degraded","checks":{"jobs":"up","bucket":"unavailable"}}"#)
        let fails = Readiness.Check("jobs") { throw ExhaustError(.unavailable, "gone") }
        let report = await Readiness([fails, spare], sleep: clock.sleep).report()
        #expect(!report.isReady)
    }

    @Test func `what does not answer in time is not ready`() async throws {
        let silent = Readiness.Check("jobs") {
            // Ends with its cancellation alone.
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in stream {}
            withExtendedLifetime(continuation) {}
        }
        let report = await Readiness([silent], sleep: { _ in }).report()
        #expect(report.results.first?.problem == "no answer within 3 s")
    }

    /// Something outside, as it says itself.
    private struct Component: HealthReporting {
        let subject = "outside"
        let parts: [ComponentHealth]

        func health() async -> [ComponentHealth] { parts }
    }

    @Test func `metrics tell of each component whether it is up, and its figures`() async throws {
        let well = ComponentHealth(name: "job-store", place: "p", milliseconds: 12, figures: ["connections_open": 3])
        let ill = ComponentHealth(name: "profiles", place: "p", problem: ExhaustError(.unavailable, "secret place"))
        let counts = ServiceMetrics()
        var request = JobRequest(
            tag: "t:c", requestID: "R", reportID: "progress-exhaust", requestData: "{}", requestedBy: "u",
            requestedChannel: "c", submittedAt: clock.now())
        request.status = .failed
        var run = JobRun()
        run.failure = RunFailure(ExhaustError(.unavailable, "Redis: gone"))
        counts.began()
        counts.ended(request, StoredRequest(request: request, run: run), seconds: 1)
        let report = MetricsReport(
            counts, jobs: MemoryJobStore(clock: clock),
            components: [Component(parts: [well]), Component(parts: [ill])],
            clock: clock, token: nil, process: { _ in })
        let text = try body(
            try await ask(
                "/metrics", OperationRoutes.make(Readiness([], sleep: clock.sleep), report),
                fields: ["Host": "127.0.0.1:8080"]))
        try PrometheusText.check(text)
        let lines = Set(text.split(separator: "\n").map(String.init))
        #expect(lines.contains(#"exhaust_component_up{component="job-store"} 1"#))
        #expect(lines.contains(#"exhaust_component_seconds{component="job-store"} 0.012"#))
        #expect(lines.contains("exhaust_job_store_connections_open 3"))
        #expect(lines.contains(#"exhaust_component_up{component="profiles"} 0"#) && !text.contains("secret"))
        #expect(lines.contains(#"exhaust_run_failures_total{report="progress-exhaust",code="unavailable"} 1"#))
    }

    private func metrics(
        token: String? = nil, isBehindProxy: Bool = false, _ change: (ServiceMetrics) -> Void = { _ in }
    ) -> [Route] {
        let metrics = ServiceMetrics()
        change(metrics)
        let report = MetricsReport(
            metrics, jobs: MemoryJobStore(clock: clock), clock: clock,
            token: token.map { SecretBytes(Array($0.utf8)) }, isBehindProxy: isBehindProxy, process: { _ in })
        return OperationRoutes.make(Readiness([], sleep: clock.sleep), report)
    }

    @Test(
        arguments: [
            ("127.0.0.1", nil, nil, true), ("::1", nil, nil, true), ("10.0.0.9", nil, nil, false),
            ("127.0.0.1", "1.2.3.4", nil, false), ("10.0.0.9", nil, "secret", true),
            ("127.0.0.1", nil, "wrong!", false),
            ("127.0.0.1", nil, "", false),
        ] as [(String, String?, String?, Bool)])
    func `metrics are for this machine, or for who knows the token`(
        peer: String, forwarded: String?, sent: String?, isAllowed: Bool
    ) async throws {
        var fields: HTTPFields = ["Host": peer == "::1" ? "[::1]:8080" : "\(peer):8080"]
        if let forwarded { fields["X-Forwarded-For"] = forwarded }
        if let sent { fields["Authorization"] = "Bearer \(sent)" }
        let routes = metrics(token: sent == nil ? nil : "secret")
        if isAllowed {
            #expect(try await ask("/metrics", routes, fields: fields, peer: peer).status == 200)
        } else {
            let error = await #expect(throws: ExhaustError.self) {
                try await ask("/metrics", routes, fields: fields, peer: peer)
            }
            #expect(error?.code == .unauthenticated)
        }
    }

    @Test(arguments: ["127.evil.example", "127.0.0.1.evil.example:8080", "localhost.evil.example", "127.0.0.256", ""])
    func `a name of somebody else's that resolves to this machine reads no metrics`(host: String) async throws {
        let error = await #expect(throws: ExhaustError.self) {
            try await ask("/metrics", metrics(), fields: ["Host": host])
        }
        #expect(error?.code == .unauthenticated)
    }

    @Test func `without a token metrics are not for who comes by way of a proxy on this machine`() async throws {
        for (host, isBehindProxy) in [("reports.example.org", false), ("127.0.0.1:8080", true)] {
            let error = await #expect(throws: ExhaustError.self) {
                try await ask("/metrics", metrics(isBehindProxy: isBehindProxy), fields: ["Host": host])
            }
            #expect(error?.code == .unauthenticated)
        }
        let response = try await ask("/metrics", metrics(), fields: ["Host": "localhost:8080"])
        #expect(response.status == 200)
    }

    @Test func `metrics count what was answered and what ran, in Prometheus' form`() async throws {
        var request = JobRequest(
            tag: "t:c", requestID: "R", reportID: "progress\"\\\n", requestData: "{}", requestedBy: "u",
            requestedChannel: "c", submittedAt: clock.now())
        let routes = metrics { metrics in
            metrics.answered("read", status: 200, seconds: 0.003)
            metrics.answered("read", status: 404, seconds: 20)
            metrics.began()
            metrics.began()
            request.status = .success
            var run = JobRun()
            run.progress.rows = 7
            metrics.ended(request, StoredRequest(request: request, run: run), seconds: 2)
        }
        let text = try body(try await ask("/metrics", routes, fields: ["Host": "localhost"]))
        try PrometheusText.check(text)
        let lines = Set(text.split(separator: "\n").map(String.init))
        #expect(lines.contains(#"exhaust_http_requests_total{operation="read",status="200"} 1"#))
        #expect(lines.contains(#"exhaust_http_requests_total{operation="read",status="404"} 1"#))
        #expect(lines.contains(#"exhaust_http_request_seconds_bucket{operation="read",le="0.0025"} 0"#))
        #expect(lines.contains(#"exhaust_http_request_seconds_bucket{operation="read",le="0.005"} 1"#))
        #expect(lines.contains(#"exhaust_http_request_seconds_bucket{operation="read",le="10"} 1"#))
        #expect(lines.contains(#"exhaust_http_request_seconds_bucket{operation="read",le="+Inf"} 2"#))
        #expect(lines.contains(#"exhaust_http_request_seconds_sum{operation="read"} 20.003"#))
        #expect(lines.contains("exhaust_runs_under_way 1"))
        #expect(lines.contains(#"exhaust_rows_total{report="progress\"\\\n"} 7"#))
        #expect(lines.contains(#"exhaust_run_seconds_count{report="progress\"\\\n",outcome="success"} 1"#))
    }
}

/// The rules of the text format, as a scraper applies them.
enum PrometheusText {
    struct Broken: Error, CustomStringConvertible { let description: String }

    /// Throws unless every line is well formed, each family is told of once before its samples, and no sample comes twice.
    static func check(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Broken(description: "the last line is not ended") }
        var types: [String: String] = [:]
        var seen: Set<Substring> = []
        var family = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# TYPE ") {
                family = String(words[2])
                guard types[family] == nil else { throw Broken(description: "\(family) comes twice") }
                types[family] = String(words[3])
            } else if !line.hasPrefix("# HELP ") {
                guard let match = line.wholeMatch(of: sample) else { throw Broken(description: "malformed: \(line)") }
                let name = String(match.1)
                let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { family + $0 == name }) else {
                    throw Broken(description: "\(name) stands under \(family)")
                }
                guard seen.insert(line.prefix { $0 != "}" && $0 != " " }).inserted else {
                    throw Broken(description: "twice: \(line)")
                }
            }
        }
    }

    private nonisolated(unsafe) static let sample =
        /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? ([0-9.eE+-]+)/
}
