public import ReportModel

/// `dictionary.csv`: what each column of a report means (design.md 7).
public enum ReportDictionary {
    /// The file for these columns, written as the report is.
    public static func csv(of columns: [ColumnDescription], options: CSVOptions) -> [UInt8] {
        CSVWriter.table(
            header: ["Label", "Meaning", "Source", "Unit"],
            rows: columns.map { [$0.label, $0.meaning, $0.source, $0.unit] }, options: options)
    }
}
