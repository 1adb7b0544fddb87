import ReportModel
import ReportPorts

/// What a run said that it does not need: its tables are not looked at, and may be missing.
struct NotNeeded: AggregateSource, AttemptSource, ConsentSource {
    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage {
        // A tree without nested collections has no activities to ask about.
        if activities.isEmpty { return AggregatePage() }
        throw Self.fault("aggregates")
    }

    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage { throw Self.fault("attempts") }

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        throw Self.fault("consent")
    }

    private static func fault(_ what: String) -> ExhaustError {
        ExhaustError(.internalFault, "Cassandra: \(what) of learners were asked for, and not named as needed")
    }
}
