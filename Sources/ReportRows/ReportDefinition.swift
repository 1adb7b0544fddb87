public import ReportModel

/// A report: what it is called, what it needs of a learner, and how a learner becomes rows.
///
/// One type that conforms, named in `ReportRegistry.standard`, makes a report available everywhere (design.md 6.4).
public protocol ReportDefinition: Sendable {
    /// `progress-exhaust`: the `job_id` of its requests.
    var id: String { get }
    /// Other names by which it can be asked for.
    var aliases: [String] { get }
    /// For people: `Progress`.
    var title: String { get }
    /// What it holds, one sentence.
    var summary: String { get }
    /// Where its files go, such as `progress-exhaust/`.
    var path: String { get }
    /// The word in its file names, such as `progress`.
    var fileKey: String { get }
    /// Layouts that it knows, the default first.
    var layouts: [ReportLayout] { get }
    /// Whether it is refused for collections that do not ask learners for consent, and without a key.
    var isPersonal: Bool { get }

    /// What it needs to know of each learner.
    func needs(in context: ReportContext) -> LearnerNeeds
    /// Its columns, in order. Throws `invalidInput` for an unknown name in `ReportContext.selectedColumns`.
    func columns(in context: ReportContext) throws -> [ColumnDescription]
    /// What has to be known of all learners before the first row can be written; nil for most.
    func makeSurvey(in context: ReportContext) -> (any LearnerSurvey)?
    /// What turns pages of learners into rows.
    func makeRows(in context: ReportContext, limits: PieceLimits) throws -> any RowMaker
}

/// Everything about a batch and the settings that a report's rows depend on, besides the learners.
public struct ReportContext: Sendable {
    /// The batch.
    public var batch: ResolvedBatch
    /// The collection's tree; nil if it has none.
    public var tree: CollectionTree?
    /// Identifiers that the relation cache names as optional.
    public var optionalNodes: Set<String>
    /// The layout.
    public var layout: ReportLayout
    /// How the CSV is written.
    public var csv: CSVOptions
    /// Rules that settings change.
    public var rules: ReportRules
    /// Field names of `csvColumns` in layout `sunbird`; nil is all. The list drops columns and, as upstream has it, never
    /// moves them; score columns are always there (upstream.md 5.1.1).
    public var selectedColumns: [String]?
    /// The time that counts as now, for consent that expires: the same for every part of a run.
    public var asOf: Timestamp
    /// The contents that `makeSurvey` found, sorted; nil before or without a survey.
    public var surveyedContents: [String]?
    /// Decrypts e-mail addresses and telephone numbers.
    public var decrypter: (any PersonalDataDecrypter)?

    /// The context of one batch.
    public init(
        batch: ResolvedBatch, tree: CollectionTree?, optionalNodes: Set<String> = [],
        layout: ReportLayout = .documented, csv: CSVOptions = .init(), rules: ReportRules = .init(),
        selectedColumns: [String]? = nil, asOf: Timestamp, surveyedContents: [String]? = nil,
        decrypter: (any PersonalDataDecrypter)? = nil
    ) {
        self.batch = batch
        self.tree = tree
        self.optionalNodes = optionalNodes
        self.layout = layout
        self.csv = csv
        self.rules = rules
        self.selectedColumns = selectedColumns
        self.asOf = asOf
        self.surveyedContents = surveyedContents
        self.decrypter = decrypter
    }
}

/// Takes the learners of a batch page by page: `begin`, then `add` for each page of their attempts, then `end`.
public protocol LearnerPageTaker: Sendable {
    /// A page of learners begins. Attempts follow only if the report needs them.
    mutating func begin(_ page: LearnerPage)
    /// A page of attempts of the page of learners that began last; `titles` knows the titles of all its contents that have one.
    mutating func add(_ attempts: AttemptPage, of page: LearnerPage, titles: ContentTitles)
    /// The page of learners ends.
    mutating func end(_ page: LearnerPage)
}

/// Looks at all learners before the first row is written.
public protocol LearnerSurvey: LearnerPageTaker {
    /// Identifiers of contents that were found.
    var contents: Set<String> { get }
    /// How many there are to be found; whoever has found as many need look no further.
    var contentsAtMost: Int { get }
}

/// Turns pages of learners into CSV rows.
public protocol RowMaker: LearnerPageTaker {
    /// The rows and where pieces of them end; the caller takes them out after each page.
    var writer: CSVWriter { get set }
    /// Counts and findings since they were taken last.
    var tally: Tally { get set }
}

/// Decrypts stored personal values (upstream.md 5.8).
public protocol PersonalDataDecrypter: Sendable {
    /// Appends the plain value to `plain`; false, and nothing appended, if `stored` does not decrypt.
    func decrypt(_ stored: UnsafeRawBufferPointer, into plain: inout [UInt8]) -> Bool
}
