public import ReportModel

/// A learner store whose profiles are another store's.
public struct ProfilesOfStore: LearnerStore {
    private let base: any LearnerStore
    private let profiles: any LearnerStore

    /// `base` with the profiles of `profiles`.
    public init(_ base: any LearnerStore, profiles: any LearnerStore) {
        self.base = base
        self.profiles = profiles
    }

    /// As `LearnerStore.open`.
    public func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        let people = try await profiles.open(for: [], needs: LearnerNeeds(profileFields: needs.profileFields))
        do {
            var sources = try await base.open(for: batches, needs: needs, meter: meter)
            sources.profiles = people.profiles
            let close = sources.close
            sources.close = {
                await close()
                await people.close()
            }
            return sources
        } catch {
            await people.close()
            throw error
        }
    }
}
