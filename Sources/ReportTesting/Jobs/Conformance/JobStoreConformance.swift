/// What every `JobStore` promises (design.md 8), as checks on a fresh `JobScene`.
public enum JobStoreConformance {
    /// All promises.
    public static var checks: [ConformanceCheck<JobScene>] {
        submissions + resubmissions + leases + lostLeases + endings + cancellations + turns + limits + sharing
            + otherPrograms + requestsForOthers + counts + damagedRuns
    }
}
