public import ReportModel
public import ReportPorts

/// Profiles of a deployment, which are in no table of it (upstream.md 1.11): another store has to give them.
public struct NoProfiles: ProfileSource {
    /// No profiles.
    public init() {}

    /// Throws `invalidInput`.
    public func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage {
        throw ExhaustError(
            .invalidInput, "setting profiles.source: a deployment's Cassandra has no profiles",
            remedy: "Set it to redis.",
            mender: .operator)
    }
}

/// A deployment without archives, which most are (upstream.md 5.6).
public struct NoArchive: ArchiveSource {
    /// No archive.
    public init() {}

    /// Always false.
    public func hasArchive(of batch: BatchKey) async throws -> Bool { false }

    /// Always empty.
    public func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage { AttemptPage() }
}
