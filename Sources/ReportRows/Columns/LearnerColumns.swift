import ReportModel

/// A cell about the learner alone, which several reports have.
enum LearnerCell: Hashable, Sendable {
    /// The user id.
    case userID
    /// First and last name, joined.
    case userName
    /// A field of the profile as it is; by `ProfileField.index`.
    case profile(Int)
    /// The first element of a field that holds a JSON list; by `ProfileField.index`.
    case firstElement(Int)

    /// The profile fields that the cell reads.
    var profileFields: [ProfileField] {
        switch self {
        case .userID: []
        case .userName: [.firstname, .lastname]
        case .profile(let index), .firstElement(let index): [ProfileField.allCases[index]]
        }
    }
}

extension ProfileField {
    /// The field's place among all fields, for look-ups that compare no names.
    var index: Int { Self.allCases.prefix { $0 != self }.count }
}

extension ReportColumn where Cell == LearnerCell {
    static let userID = ReportColumn(
        .init(
            "User UUID", meaning: "Identifier of the learner, made by the platform", source: "user_enrolments.userid"),
        field: "userid", .userID)
    static let userName = ReportColumn(
        .init(
            "User Name", meaning: "First and last name, parts that are missing left out",
            source: "user cache: firstname, lastname"),
        field: "username", .userName)
    static let state = profile("State", .state, "State that the learner declared or the organisation passed on")
    static let district = profile(
        "District", .district, "District that the learner declared or the organisation passed on")
    static let organisation = profile("Org Name", .orgname, "Name of the learner's root organisation")
    static let schoolID = profile("School Id", .schooludisecode, "External identifier of the learner's school")
    static let schoolName = profile("School Name", .schoolname, "Name of the learner's school")
    static let userType = profile("User Type", .usertype, "Kinds of user that the learner declared")
    static let userSubType = profile(
        "User Sub Type", .usersubtype, "Kinds below the user type that the learner declared")
    static let board = ReportColumn(
        .init(
            "Declared Board", meaning: "First board that the learner declared",
            source: "user cache: first element of board", isPersonal: false),
        field: ProfileField.board.rawValue, .firstElement(ProfileField.board.index))

    /// `Block` or, in progress, `Block Name`.
    static func block(_ label: String) -> Self { profile(label, .block, "Block that the learner belongs to") }
    /// `Cluster` or, in progress, `Cluster Name`.
    static func cluster(_ label: String) -> Self { profile(label, .cluster, "Cluster that the learner belongs to") }

    private static func profile(_ label: String, _ field: ProfileField, _ meaning: String) -> Self {
        ReportColumn(
            .init(label, meaning: meaning, source: "user cache: \(field.rawValue)", isPersonal: false),
            field: field.rawValue,
            .profile(field.index))
    }
}

/// The profile fields that a list of cells and the organisation filter read.
func profileFields(of cells: some Sequence<LearnerCell>, in batch: ResolvedBatch) -> [ProfileField] {
    (cells.flatMap(\.profileFields) + Audience.profileFields(batch)).withoutRepetition
}

extension [ProfileField] {
    /// Each field at its first position.
    var withoutRepetition: [ProfileField] {
        var fields: [ProfileField] = []
        for field in self where !fields.contains(field) { fields.append(field) }
        return fields
    }
}
