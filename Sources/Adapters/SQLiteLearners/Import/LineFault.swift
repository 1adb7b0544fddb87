import ReportModel

/// Why a line cannot be taken. Names columns and forms, never values: those are somebody's data.
struct LineFault: Error, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
    init(column: String, _ reason: String) { self.reason = "column \(column): \(reason)" }
    init(column: String, _ fault: JSONFault) { self.init(column: column, fault.reason) }

    func error(file: String, line: Int) -> ExhaustError {
        ExhaustError(
            .invalidInput, "import of \(file), line \(line): \(reason)",
            remedy: "Mend that line and import again; nothing has been changed.")
    }
}
