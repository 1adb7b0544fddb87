public import ReportPorts

extension RedisClient: HealthReporting {
    /// As `HealthReporting.subject`.
    public var subject: String { "profiles" }

    /// As `HealthReporting.health`.
    public func health() async -> [ComponentHealth] {
        let place = "\(options.name), database \(options.userDatabase)"
        return [await ComponentHealth.measured(subject, place, clock) { try await self.check() }]
    }
}
