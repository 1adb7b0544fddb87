import ReportModel

/// A cell of a user info row.
enum UserInfoCell: Hashable, Sendable {
    case learner(LearnerCell)
    case email, phone, consent, consentDate

    /// The profile fields that the cell reads.
    var profileFields: [ProfileField] {
        switch self {
        case .learner(let cell): cell.profileFields
        case .email: [.email]
        case .phone: [.phone]
        case .consent, .consentDate: []
        }
    }
}

extension ReportColumns where Cell == UserInfoCell {
    /// The 19 columns of upstream.md 5.7, in both layouts.
    static func userInfo(_ layout: ReportLayout) -> Self {
        let learner: [ReportColumn<LearnerCell>] = [
            .userID, .userName, .userType, .userSubType, .state, .district, .block("Block"), .cluster("Cluster"),
            .schoolID, .schoolName, .organisation,
        ]
        return ReportColumns(
            learner.map { $0.map(UserInfoCell.learner) } + [
                ReportColumn(
                    .init(
                        "Email ID", meaning: "E-mail address, decrypted; empty if it cannot be",
                        source: "user cache: email"),
                    field: "email", .email),
                ReportColumn(
                    .init(
                        "Mobile Number", meaning: "Telephone number, decrypted; empty if it cannot be",
                        source: "user cache: phone"),
                    field: "phone", .phone),
                ReportColumn(
                    .init(
                        "Consent Provided", meaning: "Always true: learners without consent are left out",
                        source: "user_consent.status", isPersonal: false),
                    field: "consentflag", .consent),
                ReportColumn(
                    .init(
                        "Consent Provided Date", meaning: "When the learner last changed the consent",
                        source: "user_consent.last_updated_on", unit: layout == .sunbird ? "day, UTC" : "UTC",
                        isPersonal: false),
                    field: "consentprovideddate", .consentDate),
            ])
    }
}
