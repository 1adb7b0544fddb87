import ReportModel

/// Whether the program can do its work: every store that it needs answers, and its worker lives. What only a part of its
/// work needs is told of, and keeps nobody from sending it the rest.
public struct Readiness: Sendable {
    /// One thing that has to work.
    public struct Check: Sendable {
        /// What it is called in the answer, such as `jobs`.
        public let name: String
        /// Whether the program is of no use without it.
        public let isNeeded: Bool
        let run: @Sendable () async throws -> Void

        /// A check that throws if the thing does not work.
        public init(_ name: String, isNeeded: Bool = true, _ run: @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.isNeeded = isNeeded
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
            /// As `Check.isNeeded`.
            public let isNeeded: Bool
        }

        /// Whether everything works that is needed.
        public var isReady: Bool { results.allSatisfy { $0.problem == nil || !$0.isNeeded } }

        private var status: String {
            if !isReady { return "unready" }
            return results.allSatisfy { $0.problem == nil } ? "ready" : "degraded"
        }

        var json: JSONValue {
            .object([
                .init("status", .string(status)),
                .init(
                    "checks",
                    .object(results.map { .init($0.name, .string($0.problem ?? "up")) })),
            ])
        }
    }

    private let checks: [Check]
    private let clock: @Sendable (Double) async throws -> Void

    /// Longest that a check may take, in seconds: less than those wait who ask (`exhaust health`, the chart's probes), since what
    /// can be done without must not keep them from hearing that the rest is well.
    public static let longestSeconds = 3.0

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
        return Report(
            results: zip(checks, problems).map {
                Report.Result(name: $0.name, problem: $1, isNeeded: $0.isNeeded)
            })
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
