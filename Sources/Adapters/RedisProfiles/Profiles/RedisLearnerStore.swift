public import ReportModel
public import ReportPorts

/// A learner store whose profiles are those of the user cache, everything else another store's.
public struct RedisLearnerStore: LearnerStore {
    private let base: any LearnerStore
    private let client: RedisClient
    private let asksBase: Bool

    /// `base` with the profiles of `client`; with `asksBase` learners that the cache does not know are asked of `base`.
    public init(_ base: any LearnerStore, profiles client: RedisClient, asksBase: Bool) {
        self.base = base
        self.client = client
        self.asksBase = asksBase
    }

    /// As `LearnerStore.open`.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        var baseNeeds = needs
        if !asksBase { baseNeeds.profileFields = [] }
        var sources = try await base.open(for: batches, needs: baseNeeds, meter: meter)
        sources.profiles = RedisProfileSource(client, fallback: asksBase ? sources.profiles : nil)
        guard !needs.profileFields.isEmpty else { return sources }
        // The cache changes while it is read, so the version is only that of the rest.
        sources.dataVersion = sources.dataVersion.map { "\($0)+profiles" }
        sources.dataTime = nil
        return sources
    }
}
