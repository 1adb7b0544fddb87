import ReportModel

/// A column after the first four: its description, and which cell of a row stands in it.
struct ReportColumn<Cell: Sendable>: Sendable {
    /// What `csvColumns` calls it (upstream.md 8.2); nil if it cannot be dropped.
    var field: String?
    var description: ColumnDescription
    var cell: Cell

    init(_ description: ColumnDescription, field: String? = nil, _ cell: Cell) {
        self.field = field
        self.description = description
        self.cell = cell
    }

    /// The same column as one of a report that has more kinds of cells.
    func map<Wider: Sendable>(_ widen: (Cell) -> Wider) -> ReportColumn<Wider> {
        ReportColumn<Wider>(description, field: field, widen(cell))
    }
}

/// The columns of one report in one layout, in order: those that say the same in all rows of a batch, then the others.
struct ReportColumns<Cell: Sendable>: Sendable {
    private(set) var batch: [BatchColumn] = BatchColumn.allCases
    private(set) var others: [ReportColumn<Cell>]

    init(_ others: [ReportColumn<Cell>]) { self.others = others }

    var cells: [Cell] { others.map(\.cell) }

    func descriptions(in context: ReportContext) -> [ColumnDescription] {
        batch.map { $0.description(in: context.layout) } + others.map(\.description)
    }

    /// The cells that all rows of the batch begin with, ready to be copied.
    func prefix(in context: ReportContext) -> [UInt8] {
        var rows = CSVRows(options: context.csv)
        for column in batch { rows.text(column.value(in: context)) }
        return rows.takeCells()
    }

    /// The columns that `csvColumns` names, in the report's order, as upstream selects them (upstream.md 5.1.1): a list
    /// drops columns, but never moves them. Columns that the deployed lists do not name, the scores, always stay.
    func selecting(_ names: [String]?, of report: String) throws(ExhaustError) -> ReportColumns {
        guard let names else { return self }
        let known = batch.map(\.field) + others.compactMap(\.field)
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw ExhaustError(
                .invalidInput, "csvColumns of \(report): there is no column \(unknown)",
                remedy: "Known columns are \(known.joined(separator: ", ")).", mender: .operator)
        }
        if names.isEmpty {
            throw ExhaustError(
                .invalidInput, "csvColumns of \(report): the list is empty",
                remedy: "Name at least one column, or leave csvColumns out.", mender: .operator)
        }
        return keeping(names)
    }

    /// The columns that `names` has, whether or not it is a list that `selecting` takes; all without a list.
    func keeping(_ names: [String]?) -> ReportColumns {
        guard let names else { return self }
        var selected = self
        selected.batch.removeAll { !names.contains($0.field) }
        selected.others.removeAll { column in
            guard let field = column.field, field != alwaysKept else { return false }
            return !names.contains(field)
        }
        return selected
    }
}

extension ReportContext {
    /// The columns to keep; nil is all. `csvColumns` is upstream's, and layout `documented` is not.
    var csvColumns: [String]? { layout == .sunbird ? selectedColumns : nil }
}

/// Deployed `csvColumns` never name it, and files have it all the same.
private let alwaysKept = "total_sum_score"

/// A column about the batch, the same in all its rows.
enum BatchColumn: CaseIterable {
    case collectionID, collectionName, batchID, batchName

    /// What `csvColumns` calls it.
    var field: String {
        switch self {
        case .collectionID: "courseid"
        case .collectionName: "collectionName"
        case .batchID: "batchid"
        case .batchName: "batchName"
        }
    }

    func value(in context: ReportContext) -> String {
        switch self {
        case .collectionID: context.batch.batch.key.collection
        case .collectionName: context.batch.collection.name
        case .batchID: (context.layout == .sunbird ? "BatchId_" : "") + context.batch.batch.key.batch
        case .batchName: context.batch.batch.name ?? ""
        }
    }

    func description(in layout: ReportLayout) -> ColumnDescription {
        switch self {
        case .collectionID:
            .init(
                "Collection Id", meaning: "Identifier of the collection", source: "course_batch.courseid",
                isPersonal: false)
        case .collectionName:
            .init(
                "Collection Name", meaning: "Title of the collection", source: "content search: name", isPersonal: false
            )
        case .batchID:
            .init(
                "Batch Id",
                meaning: layout == .sunbird
                    ? "Identifier of the batch after the word BatchId_" : "Identifier of the batch",
                source: "course_batch.batchid", isPersonal: false)
        case .batchName:
            .init("Batch Name", meaning: "Title of the batch", source: "course_batch.name", isPersonal: false)
        }
    }
}
