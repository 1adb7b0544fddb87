/// One column of a report, as `dictionary.csv` explains it.
public struct ColumnDescription: Sendable, Hashable {
    /// The label in the header row.
    public var label: String
    /// What it means.
    public var meaning: String
    /// The table and column that it comes from, or how it is computed.
    public var source: String
    /// `percent`, `seconds`, `points`, `UTC`, or empty.
    public var unit: String
    /// Whether its cells tell who a learner is, how to reach them, or what they wrote: previews hide them. So does a column
    /// that does not say.
    public var isPersonal: Bool

    /// A column with its meaning.
    public init(_ label: String, meaning: String, source: String, unit: String = "", isPersonal: Bool = true) {
        self.label = label
        self.meaning = meaning
        self.source = source
        self.unit = unit
        self.isPersonal = isPersonal
    }
}
