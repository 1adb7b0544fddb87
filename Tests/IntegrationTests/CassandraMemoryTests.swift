import CassandraLoading
import Glibc
import ServiceTesting
import Testing

extension TheProgram {
    /// Attempts of very many questions, of which each takes megabytes.
    @Suite(.needsPython, .enabled(if: Deployment.service.isToBeTested, "\(Deployment.service.reason)"))
    struct CassandraMemory {
        private static let questions = 10_000
        private static let few = 10
        private static let many = 40

        @Test
        func `however many attempts of 10,000 questions there are, the memory of a report of them has the same bound`()
            async throws
        {
            let deployment = try Deployment(.user)
            let scene = try Scene().with(deployment.settings)
            let sizes = [Self.few, Self.many].map(String.init)
            let made = try await Programs.python(
                "make_heavy_course.py", ["\(Self.questions)"] + sizes + [scene.path("course")])
            #expect(made.status == 0, "\(made.errors)")
            try await deployment.fill(from: scene.path("course"))
            // Profiles and contents are kept elsewhere.
            for name in Folder.names(in: scene.path("course")) where !["user.jsonl", "content.jsonl"].contains(name) {
                Folder.remove(scene.path("course/\(name)"))
            }
            try await scene.done("import", scene.path("course"))
            for way in ["ask", "scan"] {
                var peaks: [Double] = []
                for learners in [Self.few, Self.many] {
                    peaks.append(try await peak(scene.with(["EXHAUST_CASSANDRA_READING": way]), learners))
                }
                // 30 more have 120 MB. Scanned, four streams hold some at once: 173 MiB with 80 of them as with 160 (measured).
                #expect(peaks[1] - peaks[0] < 80 && peaks.allSatisfy { $0 < 224 }, "\(way): \(peaks) MiB")
            }
            try await deployment.end()
        }

        /// Highest resident memory of a response report in MiB; every question of every attempt has to be in it.
        private func peak(_ scene: Scene, _ learners: Int) async throws -> Double {
            let csv = scene.path("responses.csv")
            let outcome = try await Programs.run(
                "python3",
                [
                    Programs.tool("peak_memory.py"), Programs.exhaust, "run", "response-exhaust", "--batch",
                    "b\(learners)", "--channel", "org", "--csv", csv, "--data", scene.data,
                ], environment: scene.settings)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let lines = try await Programs.run("wc", ["-l", csv]).text.split(separator: " ").first
            #expect(lines == "\(learners * Self.questions + 1)")
            return try #require(Double(outcome.text.split(separator: "\n").first ?? "")) / 1024
        }
    }
}
