import ReportModel

/// Which learners of a page are in a report (design.md 6, upstream.md 4.5); everybody else is counted with the reason.
struct Audience: Sendable {
    /// Bytes of the organisation whose learners alone belong in the report; nil if everybody does.
    private let organisation: [UInt8]?
    /// For each learner of the page whether the report has them.
    private(set) var isReported: [Bool] = []

    init(_ batch: ResolvedBatch) {
        organisation = batch.isFilteredByOrganisation ? Array(batch.requestingOrganisation.utf8) : nil
    }

    /// The profile fields that the organisation filter reads.
    static func profileFields(_ batch: ResolvedBatch) -> [ProfileField] {
        batch.isFilteredByOrganisation ? [.rootorgid] : []
    }

    /// Looks at a page; `verdict` can leave out more of those that the filters admit, and names the reason.
    mutating func admit(
        _ page: LearnerPage, counting tally: inout Tally, unless verdict: (Int) -> Finding.Code? = { _ in nil }
    ) {
        let organisationField = page.profiles.fields.firstIndex(of: .rootorgid)
        isReported.removeAll(keepingCapacity: true)
        tally.learners += page.keys.count
        for learner in 0..<page.keys.count {
            let reason = absence(of: learner, in: page, organisationField: organisationField) ?? verdict(learner)
            isReported.append(reason == nil)
            if let reason {
                tally.leftOut[reason, default: 0] += 1
            } else if page.profiles.isMissing(learner) {
                tally.findings[.profileMissing, default: 0] += 1
            }
        }
    }

    private func absence(of learner: Int, in page: LearnerPage, organisationField: Int?) -> Finding.Code? {
        guard page.enrolments.enrolments[learner].isActive else { return .inactive }
        guard let organisation else { return nil }
        guard let organisationField, !page.profiles.isMissing(learner) else { return .organisationUnknown }
        let value = page.profiles.value(learner, organisationField)
        if value.isEmpty { return .organisationUnknown }
        let isOfOrganisation = page.profiles.arena.withBytes(of: value) { bytes in
            organisation.withUnsafeBytes { equalBytes($0, bytes) }
        }
        return isOfOrganisation ? nil : .otherOrganisation
    }
}

extension ProfilePage {
    /// Whether profiles were read and this learner has none.
    func isMissing(_ learner: Int) -> Bool { !fields.isEmpty && !exists[learner] }
}
