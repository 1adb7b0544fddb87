import ReportModel

/// Writes the cells about a learner alone.
struct LearnerCells: Sendable {
    /// Where each field stands in the profiles of the page; -1 where it was not read. By `ProfileField.index`.
    private var positions = [Int](repeating: -1, count: ProfileField.allCases.count)
    private var joined: [UInt8] = []

    private static let firstName = ProfileField.firstname.index
    private static let lastName = ProfileField.lastname.index

    /// Finds the fields in the profiles of a page.
    mutating func begin(_ page: LearnerPage) {
        for index in positions.indices { positions[index] = -1 }
        for (position, field) in page.profiles.fields.enumerated() { positions[field.index] = position }
    }

    /// A field of a learner; absent if the profile lacks it or it was not read.
    func value(_ field: Int, of learner: Int, in profiles: ProfilePage) -> TextSlice {
        let position = positions[field]
        return position < 0 ? .absent : profiles.value(learner, position)
    }

    mutating func write(_ cell: LearnerCell, of learner: Int, in page: LearnerPage, to rows: inout CSVRows) {
        switch cell {
        case .userID: rows.text(page.keys.ids[learner], in: page.keys.arena)
        case .userName: writeName(of: learner, in: page.profiles, to: &rows)
        case .profile(let field): rows.text(value(field, of: learner, in: page.profiles), in: page.profiles.arena)
        case .firstElement(let field):
            let slice = value(field, of: learner, in: page.profiles)
            if slice.isEmpty { return rows.empty() }
            page.profiles.arena.withBytes(of: slice) { rows.firstElement(ofJSONList: $0) }
        }
    }

    private mutating func writeName(of learner: Int, in profiles: ProfilePage, to rows: inout CSVRows) {
        let first = value(Self.firstName, of: learner, in: profiles)
        let last = value(Self.lastName, of: learner, in: profiles)
        if first.isEmpty { return rows.text(last, in: profiles.arena) }
        if last.isEmpty { return rows.text(first, in: profiles.arena) }
        joined.removeAll(keepingCapacity: true)
        profiles.arena.withBytes(of: first) { joined.append(contentsOf: $0) }
        joined.append(UInt8(ascii: " "))
        profiles.arena.withBytes(of: last) { joined.append(contentsOf: $0) }
        rows.text(joined)
    }
}
