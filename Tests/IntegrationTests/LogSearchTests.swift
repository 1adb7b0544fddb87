import Testing

extension TheProgram {
    /// The search that `scripts/test` makes after the suite.
    @Suite(.needsPython) struct LogSearch {
        private static let secret = "Fährmann \"47\""

        /// By a name, since the arguments of a test are printed, and what is printed is searched.
        enum Plant: String, CaseIterable {
            case plain = "Fährmann \"47\""
            case json = "Fährmann \\\"47\\\""
            case escaped = "F\\u00e4hrmann \\\"47\\\""
            case address = "F%C3%A4hrmann%20%2247%22"
            case base64 = "RsOkaHJtYW5uICI0NyI="
            case learner = "0123abcd-0123-4567-89ab-0000000004d2"

            var kind: String { self == .learner ? "a learner's id" : "a password of nobody" }
        }

        private static func search(_ text: String) async throws -> Outcome {
            let folder = try TemporaryFolder()
            try Folder.write("a password of nobody\t\(secret)\n", to: "\(folder.path)/\(TestLogs.secretsName)")
            try Folder.write("{\"event\":\"run-ended\"}\n", to: "\(folder.path)/exhaust-1-1.log")
            try Folder.write("a line\nwhat: \(text), more\n", to: "\(folder.path)/exhaust-1-2.log")
            return try await Programs.run("\(Programs.project)/scripts/search-logs", [folder.path])
        }

        @Test(arguments: Plant.allCases)
        func `a secret in a log is found in every form, and its kind alone is told`(plant: Plant) async throws {
            let outcome = try await Self.search(plant.rawValue)
            #expect(
                outcome.status == 1 && outcome.text.contains("search-logs: exhaust-1-2.log, line 2: \(plant.kind)\n"))
            #expect(!outcome.text.contains(plant.rawValue) && outcome.text.contains(": 1 found"))
        }

        @Test(arguments: ["Fährmann", "admin-1", "0123abcd-0123-4567-89ab-4567012304d2"])
        func `what is no secret is not found`(text: String) async throws {
            let outcome = try await Self.search(text)
            #expect(outcome.status == 0 && outcome.text.contains("learners' ids: nothing found"), "\(outcome.text)")
        }
    }
}
