import Testing

extension TheProgram {
    /// The page in a real browser (Tests/BrowserTests). Each script ends with what is wrong on standard error.
    @Suite struct InTheBrowser {
        private static func run(_ script: String, _ arguments: String...) async throws {
            let path = "\(Programs.project)/Tests/BrowserTests/\(script).py"
            let outcome = try await Programs.run("python3", ["-B", path] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }

        @Test(.needsBrowser, .needs7z)
        func `a newcomer gets from the demo to an opened file, which 7-Zip and the page unpack alike`() async throws {
            try await Self.run("whole_way", Programs.exhaust)
        }

        @Test(.needsBrowser) func `the page's own cryptography gives what the published vectors say`() async throws {
            try await Self.run("vectors")
        }

        @Test(.needsBrowser, .needs7z)
        func `files of every kind open without a connection, and bad ones are refused with the reason`() async throws {
            try await Self.run("opens")
        }

        @Test(.needsBrowser) func `everything can be done with the keyboard alone`() async throws {
            try await Self.run("keyboard")
        }

        @Test(.needsBrowser)
        func `the page lives with events, without them, and with a session that ends`() async throws {
            try await Self.run("living")
        }

        @Test(.needsBrowser)
        func
            `everything in the list can be reached and read, and a tab in the background leaves the others their connections`()
            async throws
        {
            try await Self.run("doing")
        }

        @Test(.needsBrowser, arguments: ["list", "form", "dialogs", "outside", "open"])
        func `each state is accessible, on a phone as on a desktop, light and dark`(group: String) async throws {
            try await Self.run("states", group)
        }
    }
}

extension Trait where Self == ConditionTrait {
    static var needsBrowser: Self {
        .enabled("chromium, or playwright and axe for python3, are not installed") {
            if Programs.requiresAll { return true }
            let modules = "import playwright.sync_api, axe_playwright_python, pyzipper"
            guard await Programs.answers("python3", "-c", modules) else { return false }
            return await Programs.answers("chromium", "--version")
        }
    }
}
