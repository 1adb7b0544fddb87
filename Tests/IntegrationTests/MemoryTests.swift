import Testing

extension TheProgram {
    @Suite struct Memory {
        /// Highest resident memory of the program in MiB.
        private func peak(_ scene: Scene, _ words: String...) async throws -> Double {
            let outcome = try await Programs.python(
                "peak_memory.py", [Programs.exhaust] + words + ["--data", scene.data])
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try #require(Double(outcome.text.split(separator: "\n").first ?? "")) / 1024
        }

        @Test(.needsPython) func `a report of 200,000 learners takes no more memory than one of 10,000`() async throws {
            let scene = try Scene()
            let made = try await Programs.python("make_course.py", ["10000", "200000", scene.path("course")])
            #expect(made.status == 0, "\(made.errors)")
            try await scene.done("import", scene.path("course"))
            let idle = try await peak(scene, "version")
            for report in ["progress-exhaust", "response-exhaust"] {
                var peaks: [Double] = []
                for batch in ["b10000", "b200000"] {
                    peaks.append(
                        try await peak(
                            scene, "run", report, "--batch", batch, "--channel", "org", "--out", scene.path("out"),
                            "--password-file", scene.passwordFile) - idle)
                }
                #expect(peaks.allSatisfy { $0 < 64 }, "\(report): \(peaks) MiB above \(idle)")
                #expect(peaks[1] - peaks[0] < 16, "\(report): \(peaks) MiB above \(idle)")
            }
        }
    }
}
