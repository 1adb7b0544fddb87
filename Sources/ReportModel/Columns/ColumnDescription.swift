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

    /// A column with its meaning.
    public init(_ label: String, meaning: String, source: String, unit: String = "") {
        self.label = label
        self.meaning = meaning
        self.source = source
        self.unit = unit
    }
}
