import ReportModel
import ReportPorts
import SealedSpool

/// Consent from a spool.
struct SpooledConsents: ConsentSource {
    let spool: LoadedSpool
    /// The collections of the run; their places are the groups of the spool.
    let collections: IdentifierTable
    let fields: ConsentFields

    func consents(of keys: LearnerKeys, collection: String, organisation: String) async throws -> ConsentPage {
        var page = ConsentPage()
        page.consents = Array(repeating: nil, count: keys.count)
        guard keys.count > 0, let group = collections.index(of: collection) else { return page }
        let nobody = page
        let (from, before) = BatchGroups.bounds(UInt32(group), keys.range)
        let consumer = IdentifierTable([organisation])
        return try await spool.loaded().read(from: from, before: before, into: Matching(nobody, keys)) {
            [fields] state, key, payload in
            guard let learner = state.learner(of: key), consumer.index(of: SpoolKeys.lastText(of: key)) != nil else {
                return true
            }
            state.page.consents[learner] = fields.read(payload, into: &state.page.arena)
            return true
        }.page
    }
}
