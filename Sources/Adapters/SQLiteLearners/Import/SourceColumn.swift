/// A column of a table as an import names it.
struct SourceColumn: Sendable {
    /// How a value is read.
    enum Form: Sendable {
        /// Text; numbers and truth values by how they are written, lists and objects as canonical JSON.
        case text
        /// A list or object, or a text that holds one.
        case json
        /// A truth value, also as text.
        case boolean
        /// A whole number, also as text.
        case integer
        /// A number, also as text.
        case number
        /// A moment in one of the forms of `Timestamp.init(parsing:)`, or milliseconds since 1970 as a number.
        case time
        /// Anything, kept as canonical JSON: no report reads it.
        case kept
    }

    let name: String
    let utf8: [UInt8]
    let form: Form
    /// Whether a row without it, or with an empty value, is refused.
    let isKey: Bool

    private init(_ name: String, _ form: Form, isKey: Bool = false) {
        self.name = name
        utf8 = Array(name.utf8)
        self.form = form
        self.isKey = isKey
    }

    static func key(_ name: String) -> SourceColumn { SourceColumn(name, .text, isKey: true) }
    static func text(_ name: String) -> SourceColumn { SourceColumn(name, .text) }
    static func json(_ name: String) -> SourceColumn { SourceColumn(name, .json) }
    static func boolean(_ name: String) -> SourceColumn { SourceColumn(name, .boolean) }
    static func integer(_ name: String) -> SourceColumn { SourceColumn(name, .integer) }
    static func number(_ name: String) -> SourceColumn { SourceColumn(name, .number) }
    static func time(_ name: String) -> SourceColumn { SourceColumn(name, .time) }
    static func kept(_ name: String) -> SourceColumn { SourceColumn(name, .kept) }
}

/// A value of a row that was read.
enum Cell: Hashable {
    /// Null, missing, or empty where only something else makes sense.
    case missing
    /// Text or canonical JSON, where it is in `Row.scratch`.
    case text(Range<Int>)
    /// A whole number, a truth value as 0 or 1, or milliseconds since 1970.
    case integer(Int64)
    /// A number.
    case real(Double)
}
