import ReportModel

/// Whether the program can do its work: every store that it needs answers, and its worker lives.
public struct Readiness: Sendable {
    /// One thing that has to work.
    public struct Check: Sendable {
        /// What it is called in the answer, such as `jobs`.
        public let name: String
        let run: @Sendable () async throws -> Void

        /// A check that throws if the thing does not work.
        public init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// What was found.
    public struct Report: Sendable, Hashable {
        /// Name and error of each check; nil where it works. Errors name no data.
        public let results: [Result]

        /// What one check found.
        public struct Result: Sendable, Hashable {
            /// The check.
            public let name: String
            /// What is wrong; nil if nothing is.
            public let problem: String?
        }

        /// Whether everything works.
        public var isReady: Bool { results.allSatisfy { $0.problem == nil } }

        var json: JSONValue {
            .object([
                .init("status", .string(isReady ? "ready" : "unready")),
                .init(
                    "checks",
                    .object(results.map { .init($0.name, .string($0.problem ?? "up")) })),
            ])
        }
    }

    private let checks: [Check]
    private let clock: @Sendable (Double) async throws -> Void

    /// Longest that a check may take, in seconds.
    public static let longestSeconds = 5.0

    /// These checks; `sleep` waits for seconds.
    public init(_ checks: [Check] = [], sleep: @escaping @Sendable (Double) async throws -> Void) {
        self.checks = checks
        self.clock = sleep
    }

    /// Does all checks at once.
    public func report() async -> Report {
        let problems = await withTaskGroup(of: (Int, String?).self) { group in
            for (place, check) in checks.enumerated() { group.addTask { (place, await problem(check)) } }
            var problems = [String?](repeating: nil, count: checks.count)
            for await (place, problem) in group { problems[place] = problem }
            return problems
        }
        return Report(results: zip(checks, problems).map { Report.Result(name: $0.name, problem: $1) })
    }

    private func problem(_ check: Check) async -> String? {
        do {
            return try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    try await check.run()
                    return nil
                }
                group.addTask {
                    try await clock(Self.longestSeconds)
                    return "no answer within \(Int(Self.longestSeconds)) s"
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch {
            // Codes only: this answer is open to anybody, and messages name paths.
            return (error as? ExhaustError)?.code.description ?? "internalFault"
        }
    }
}
