import ReportModel
import SQLiteLearners
import Synchronization

/// `exhaust import DIR`
enum ImportCommand {
    private static let source = Parameter.positional("DIR", "Folder of <table>.jsonl or <table>.jsonl.gz files.")

    static let command = Command(
        "import", summary: "Brings learner data into the embedded store.",
        details: """
            Reads one file a table, one JSON object a line, keys are column names. Rows of the same key are replaced. \
            Workers go on meanwhile; everything is imported or, at the first bad line, nothing.
            """,
        parameters: [source, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let folder = try composition.newFolder()
        let importer = Importer(folder: try arguments.required(source), store: folder.learners)
        let bar = Mutex(ProgressBar("importing", unit: "kB", at: composition.clock.seconds))
        let started = composition.clock.seconds
        let report = try await StopSignals.cancelling {
            try await importer.run(now: composition.clock.now()) { progress in
                let line = bar.withLock {
                    $0.line(
                        done: Int(progress.bytesDone / 1000), total: Int(progress.bytesTotal / 1000),
                        at: composition.clock.seconds)
                }
                if let line { console.setStatus(line) }
            }
        }
        console.setStatus(nil)
        if arguments.has(SharedParameters.json) {
            try console.print(json(report).compactText + "\n")
        } else {
            try show(report, seconds: composition.clock.seconds - started, on: console)
        }
        return .success
    }

    private static func show(_ report: ImportReport, seconds: Double, on console: Console) throws {
        var table = TextTable([
            .init("table"), .init("rows", isNumber: true), .init("replaced", isNumber: true), .init("unknown columns"),
        ])
        for entry in report.tables {
            let unknown = entry.unknownColumns.keys.sorted().joined(separator: ", ")
            table.add(entry.name, HumanText.count(entry.rows), HumanText.count(entry.replaced), unknown)
        }
        try console.print(table.text)
        for file in report.unknownFiles {
            console.note("exhaust: \(file): it is no table that is known, and was left alone.")
        }
        try console.print("\(HumanText.count(report.rows)) rows in \(HumanText.duration(seconds))\n")
    }

    private static func json(_ report: ImportReport) -> JSONValue {
        .members(
            ("rows", .integer(report.rows)), ("dataVersion", .string(report.dataVersion)),
            (
                "tables",
                .array(
                    report.tables.map { table in
                        .members(
                            ("name", .string(table.name)), ("rows", .integer(table.rows)),
                            ("replaced", .integer(table.replaced)),
                            (
                                "unknownColumns",
                                .object(
                                    table.unknownColumns.sorted { $0.key < $1.key }.map {
                                        .init($0.key, .integer($0.value))
                                    })
                            ))
                    })
            ), ("unknownFiles", .array(report.unknownFiles.map(JSONValue.string))))
    }
}
