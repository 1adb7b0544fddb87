public import ReportModel

/// The lists of a run as JSON text, as stores keep them. What cannot be read throws `dataDamaged` or `invalidInput`.
public enum RunJSON {
    /// Files on their way.
    public static func text(of names: [StagedFileName]) -> String {
        if names.isEmpty { return "[]" }
        return JSONValue.array(
            names.map { .members(("staging", .string($0.staging)), ("final", .string($0.final))) }
        ).compactText
    }

    /// Reads what `text(of:)` wrote.
    public static func stagedFiles(_ text: String) throws -> [StagedFileName] {
        try elements(text).map { StagedFileName(staging: try string($0, "staging"), final: try string($0, "final")) }
    }

    /// The finished files of a run, and beside them, marked, those of the success before.
    public static func filesText(of run: JobRun) -> String {
        if run.files.isEmpty && run.earlierFiles.isEmpty { return "[]" }
        return JSONValue.array(run.files.map { json($0) } + run.earlierFiles.map { json($0, isEarlier: true) })
            .compactText
    }

    /// Reads what `filesText(of:)` wrote into `run`.
    public static func readFiles(_ text: String, into run: inout JobRun) throws {
        for value in try elements(text) {
            let file = FinishedFile(
                batch: BatchKey(collection: try string(value, "collection"), batch: try string(value, "batch")),
                path: try string(value, "path"), fileBytes: try integer(value, "fileBytes"),
                csvBytes: try integer(value, "csvBytes"), receipt: try string(value, "receipt"))
            if value[earlier]?.bool == true { run.earlierFiles.append(file) } else { run.files.append(file) }
        }
    }

    private static let earlier = "earlier"

    private static func json(_ file: FinishedFile, isEarlier: Bool = false) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("collection", .string(file.batch.collection)), .init("batch", .string(file.batch.batch)),
            .init("path", .string(file.path)), .init("fileBytes", .integer(file.fileBytes)),
            .init("csvBytes", .integer(file.csvBytes)), .init("receipt", .string(file.receipt)),
        ]
        if isEarlier { members.append(.init(earlier, .bool(true))) }
        return .object(members)
    }

    /// A failure.
    public static func text(of failure: RunFailure) -> String {
        JSONValue.members(
            ("code", .string(failure.code)), ("message", .string(failure.message)),
            ("remedy", .string(failure.remedy)), ("mender", .string(failure.mender.rawValue)),
            ("canPass", .bool(failure.canPass))
        ).compactText
    }

    /// Reads what `text(of:)` wrote.
    public static func failure(_ text: String) throws -> RunFailure {
        let value = try JSONValue(parsing: text)
        return RunFailure(
            code: try string(value, "code"), message: try string(value, "message"),
            remedy: try string(value, "remedy"),
            mender: ExhaustError.Mender(rawValue: try string(value, "mender")) ?? .operator,
            canPass: value["canPass"]?.bool ?? false)
    }

    private static func elements(_ text: String) throws -> [JSONValue] {
        if text == "[]" { return [] }
        guard let elements = try JSONValue(parsing: text).elements else { throw missing("a list") }
        return elements
    }

    private static func string(_ value: JSONValue, _ name: String) throws -> String {
        guard let text = value[name]?.text else { throw missing(name) }
        return text
    }

    private static func integer(_ value: JSONValue, _ name: String) throws -> Int64 {
        guard let number = value[name]?.integer else { throw missing(name) }
        return number
    }

    private static func missing(_ name: String) -> ExhaustError {
        ExhaustError(.dataDamaged, "\(name) is missing", mender: .operator)
    }
}
