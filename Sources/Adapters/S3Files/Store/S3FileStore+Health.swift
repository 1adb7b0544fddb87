import ReportModel
public import ReportPorts

extension S3FileStore: HealthReporting {
    /// As `HealthReporting.health`.
    public func health() async -> [ComponentHealth] {
        [
            await ComponentHealth.measured(
                "files", "bucket \(bucket.options.bucket) at \(bucket.address.origin)", bucket.clock
            ) {
                try await self.checkBucket()
            }
        ]
    }
}
