import ReportModel
import ReportPorts

/// Learner data seen through a tap.
struct TappedLearners: LearnerStore {
    let base: any LearnerStore
    let tap: PortTap

    func open(
        for batches: [BatchKey], needs: LearnerNeeds, meter: ReadingMeter
    ) async throws -> LearnerSources {
        let open = try await tap.pass("learners.open") { try await base.open(for: batches, needs: needs, meter: meter) }
        let tapped = TappedSources(base: open, tap: tap)
        return LearnerSources(
            roster: tapped, enrolments: tapped, aggregates: tapped, attempts: tapped, archive: tapped,
            profiles: tapped, consents: tapped,
            catalogue: open.catalogue.map { TappedCatalogue(catalogue: $0, tap: tap) },
            dataVersion: open.dataVersion, dataTime: open.dataTime,
            close: { [tap] in await tap.passQuietly("learners.close") { await open.close() } })
    }
}

private struct TappedSources: RosterSource, EnrolmentSource, AggregateSource, AttemptSource, ArchiveSource,
    ProfileSource, ConsentSource
{
    let base: LearnerSources
    let tap: PortTap

    func plan(of batch: BatchKey, learnersPerRange: Int) async throws -> RosterPlan {
        try await tap.pass("learners.plan") {
            try await base.roster.plan(of: batch, learnersPerRange: learnersPerRange)
        }
    }

    func page(of batch: BatchKey, range: UserRange, after: [UInt8]?, limit: Int) async throws -> LearnerKeys {
        try await tap.pass("learners.page") {
            try await base.roster.page(of: batch, range: range, after: after, limit: limit)
        }
    }

    func enrolments(of keys: LearnerKeys, in batch: BatchKey, withContentStatus: Bool) async throws -> EnrolmentPage {
        try await tap.pass("learners.enrolments") {
            try await base.enrolments.enrolments(of: keys, in: batch, withContentStatus: withContentStatus)
        }
    }

    func aggregates(of keys: LearnerKeys, in batch: BatchKey, activities: [String]) async throws -> AggregatePage {
        try await tap.pass("learners.aggregates") {
            try await base.aggregates.aggregates(of: keys, in: batch, activities: activities)
        }
    }

    func attempts(
        of keys: LearnerKeys, in batch: BatchKey, withQuestions: Bool, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        try await tap.pass("learners.attempts") {
            try await base.attempts.attempts(
                of: keys, in: batch, withQuestions: withQuestions, limits: limits, from: cursor)
        }
    }

    func hasArchive(of batch: BatchKey) async throws -> Bool {
        try await tap.pass("learners.hasArchive") { try await base.archive.hasArchive(of: batch) }
    }

    func archivedAttempts(
        of keys: LearnerKeys, in batch: BatchKey, limits: PageLimits, from cursor: AttemptCursor?
    ) async throws -> AttemptPage {
        try await tap.pass("learners.archivedAttempts") {
            try await base.archive.archivedAttempts(of: keys, in: batch, limits: limits, from: cursor)
        }
    }

    func profiles(of keys: LearnerKeys, fields: [ProfileField]) async throws -> ProfilePage {
        try await tap.pass("learners.profiles") { try await base.profiles.profiles(of: keys, fields: fields) }
    }

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        try await tap.pass("learners.consents") {
            try await base.consents.consents(of: keys, collection: collection, organisation: organisation)
        }
    }
}

/// Batches and collections seen through a tap.
struct TappedCatalogue: CatalogueSource {
    let catalogue: any CatalogueSource
    let tap: PortTap

    func batches(ids: [String]) async throws -> [BatchRecord] {
        try await tap.pass("catalogue.batches") { try await catalogue.batches(ids: ids) }
    }

    func batches(ofCollections ids: [String]) async throws -> [BatchRecord] {
        try await tap.pass("catalogue.batchesOfCollections") { try await catalogue.batches(ofCollections: ids) }
    }

    func collections(ids: [String]) async throws -> [CollectionRecord] {
        try await tap.pass("catalogue.collections") { try await catalogue.collections(ids: ids) }
    }

    func search(_ body: JSONValue) async throws -> [CollectionRecord] {
        try await tap.pass("catalogue.search") { try await catalogue.search(body) }
    }

    func tree(of collection: String) async throws -> CollectionTree? {
        try await tap.pass("catalogue.tree") { try await catalogue.tree(of: collection) }
    }

    func titles(of contents: [String]) async throws -> [String: String] {
        try await tap.pass("catalogue.titles") { try await catalogue.titles(of: contents) }
    }

    func optionalNodes(of collection: String) async throws -> Set<String> {
        try await tap.pass("catalogue.optionalNodes") { try await catalogue.optionalNodes(of: collection) }
    }

    func custodianOrganisation() async throws -> String? {
        try await tap.pass("catalogue.custodianOrganisation") { try await catalogue.custodianOrganisation() }
    }
}

/// Policies seen through a tap.
struct TappedPolicies: PolicySource {
    let policies: any PolicySource
    let tap: PortTap

    func level(of organisation: String, report: String) async throws -> SecurityLevel? {
        try await tap.pass("policies.level") { try await policies.level(of: organisation, report: report) }
    }

    func publicKey(of organisation: String) async throws -> [UInt8]? {
        try await tap.pass("policies.publicKey") { try await policies.publicKey(of: organisation) }
    }
}
