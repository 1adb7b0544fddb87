import ReportModel
public import ReportPorts

extension S3FileStore: HealthReporting {
    /// As `HealthReporting.subject`.
    public var subject: String { "bucket" }

    /// As `HealthReporting.health`.
    public func health() async -> [ComponentHealth] {
        [
            await ComponentHealth.measured(
                subject, "bucket \(bucket.options.bucket) at \(bucket.address.origin)", bucket.clock
            ) {
                try await self.checkBucket()
            }
        ]
    }
}
