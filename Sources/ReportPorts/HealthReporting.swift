public import ReportModel

/// An adapter that can tell how what it depends on is: for `/ready`, `/metrics` and `exhaust doctor`. Asking changes nothing
/// and ends within seconds.
public protocol HealthReporting: Sendable {
    /// What it is called in `/ready`: `profiles`.
    var subject: String { get }

    /// How each component that it depends on is.
    func health() async -> [ComponentHealth]
}

/// How one component is, such as a database or a service.
public struct ComponentHealth: Sendable {
    /// Its name, in lower case with hyphens: `job-store`.
    public var name: String
    /// Where it is, without secrets, such as `database analytics at db:5432`.
    public var place: String
    /// What is wrong, with the remedy; nil if it can be used.
    public var problem: ExhaustError?
    /// How long it took to answer, in milliseconds.
    public var milliseconds: Int
    /// What it counts, by names as in metrics: `connections_open`.
    public var figures: [String: Double]

    /// How a component is; it can be used unless there is a problem.
    public init(
        name: String, place: String, problem: ExhaustError? = nil, milliseconds: Int = 0,
        figures: [String: Double] = [:]
    ) {
        self.name = name
        self.place = place
        self.problem = problem
        self.milliseconds = milliseconds
        self.figures = figures
    }
}

extension ComponentHealth {
    /// How a component is that can be used if `check` throws nothing.
    public static func measured(
        _ name: String, _ place: String, _ clock: any ServiceClock, _ check: () async throws -> Void
    ) async -> ComponentHealth {
        let begun = clock.now()
        var problem: ExhaustError?
        do { try await check() } catch {
            problem =
                error as? ExhaustError ?? ExhaustError(.unavailable, "\(name): it was not looked at", cause: error)
        }
        return ComponentHealth(
            name: name, place: place, problem: problem, milliseconds: Int(clock.now().seconds(since: begun) * 1000))
    }
}
