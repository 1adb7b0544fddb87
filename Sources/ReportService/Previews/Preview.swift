public import ReportModel

/// What a report will be like, before it is made. Holds no personal data: cells of columns about who a learner is are hidden.
public struct Preview: Sendable {
    /// How the files will be protected.
    public var level: SecurityLevel
    /// The layout.
    public var layout: ReportLayout
    /// The columns, in order.
    public var columns: [ColumnDescription]
    /// Cells of the first rows; those of personal columns hidden.
    public var rows: [[String]]
    /// Batches that the report will be about.
    public var batches: [BatchRecord]
    /// Learners enrolled in all batches, active or not.
    public var learners: Int
    /// Learners that the sample looked at.
    public var sampleLearners: Int
    /// Rows that the sample stands for.
    public var rowsEstimate: Int
    /// Bytes of all files, likewise.
    public var bytesEstimate: Int64
    /// Seconds of work, by how long earlier runs of the report took, else by the sample. Waiting in line comes on top.
    public var secondsEstimate: Double
    /// What was left out or found, in the sample; and what was found about the request.
    public var findings: [Finding]

    /// What stands for a hidden value. An empty cell is shown empty: that something is missing tells of nobody.
    public static let mask = "•••"

    /// `rows` with personal cells hidden. A cell without a column is hidden too.
    static func masked(_ rows: [[String]], columns: [ColumnDescription]) -> [[String]] {
        rows.map { row in
            row.enumerated().map { place, cell in
                let isShown = place < columns.count && !columns[place].isPersonal
                return isShown || cell.isEmpty ? cell : mask
            }
        }
    }
}

/// How much a preview may cost.
public struct PreviewLimits: Sendable, Hashable {
    /// `preview.rows`: rows that are shown.
    public var rows = 20
    /// `preview.learners`: learners that are looked at to find them.
    public var learners = 1_000
    /// Learners that are looked at together.
    public var step = 50
    /// `preview.seconds`: a preview that takes longer is given up.
    public var seconds = 20.0
    /// `preview.parallel`: previews at a time.
    public var parallel = 4

    /// All defaults.
    public init() {}
}
