public import ReportPorts

extension RedisClient: HealthReporting {
    /// As `HealthReporting.health`.
    public func health() async -> [ComponentHealth] {
        let place = "\(options.name), database \(options.userDatabase)"
        return [await ComponentHealth.measured("profiles", place, clock) { try await self.check() }]
    }
}
