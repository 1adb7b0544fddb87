/// A field of a learner's profile, named as in the user cache (upstream.md 1.11).
public enum ProfileField: String, Sendable, CaseIterable {
    case firstname, lastname, email, phone, state, district, block, cluster, rootorgid, orgname, schoolname
    case schooludisecode, usertype, usersubtype, board, status
}

/// The profiles of the learners of a page.
public struct ProfilePage: Sendable {
    /// The bytes of all texts.
    public var arena = ByteArena()
    /// The fields that were asked for, in the order in which `values` holds them.
    public let fields: [ProfileField]
    /// One for each learner of the page: whether there is a profile at all.
    public var exists: [Bool] = []
    /// The fields of the first learner, then those of the second, and so on; absent where there is no value.
    /// `email` and `phone` are as stored, that is encrypted.
    public var values: [TextSlice] = []

    /// An empty page for `fields`.
    public init(fields: [ProfileField]) { self.fields = fields }

    /// The value of the `position`th field that was asked for, of a learner.
    @inlinable public func value(_ learner: Int, _ position: Int) -> TextSlice {
        values[learner * fields.count + position]
    }
}
