import BlockingWork
import Glibc
import ReportModel
import ReportRows
import ReportService
import SecureArchive

/// `exhaust run REPORT …`
enum RunCommand {
    private static let channel = Parameter.option(
        "channel", "ORG", isRequired: true, "Organisation that asks; System stands for each collection's own.")
    private static let out = Parameter.option("out", "DIR", "Folder for the files, one a batch.")
    private static let csv = Parameter.option("csv", "FILE", "Plain CSV instead, into FILE or standard output (`-`).")
    private static let plain = Parameter.flag(
        "plain-personal-data", "Allow contact details in plain CSV; you answer for where it goes.")

    static let command = Command(
        "run", summary: "Makes a report at once, without a request.",
        details: """
            With --out, the files are protected as the organisation's policy or the settings demand. With --csv, several \
            batches follow one another, each with its own header row.
            """,
        parameters: [
            SharedParameters.report, SharedParameters.batch, SharedParameters.search, channel, SharedParameters.layout,
            out, SharedParameters.passwordFile, csv, plain, SharedParameters.json,
        ], alternatives: [[SharedParameters.batch, SharedParameters.search], [out, csv]]
    ) { arguments, console in
        MemoryHabits.adopt()
        let composition = try Composition(arguments, console)
        let report = try composition.registry.report(named: try arguments.required(SharedParameters.report))
        let meter = RunMeter()
        let run = StandaloneRun(
            sources: try await composition.sources(in: composition.folder()), settings: composition.serviceSettings,
            report: report, config: try RequestInput.config(arguments), channel: try arguments.required(channel),
            layout: nil, meter: meter)
        for parameter in [SharedParameters.passwordFile, SharedParameters.json]
        where arguments.has(csv) && arguments.has(parameter) {
            throw UsageError(
                "\(parameter.label): it goes with --out; a plain CSV has neither a password nor a receipt",
                remedy: "Leave it out, or use --out.")
        }
        let password = try RequestInput.password(arguments)
        return try await StopSignals.cancelling {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await MeterLine.show(meter, title: report.id, on: console, composition.clock) }
                defer {
                    group.cancelAll()
                    console.setStatus(nil)
                }
                if let target = arguments.value(csv) {
                    try await writePlain(run, target, arguments.has(plain), console)
                } else {
                    let folder = try DataFolder.create(arguments.required(out)).path
                    let results = try await OutputFolder(folder).using { files, parts in
                        try await run.writeFiles(to: files, parts: parts, password: password)
                    }
                    try show(results, folder, isJSON: arguments.has(SharedParameters.json), on: console)
                }
                return .success
            }
        }
    }

    private static func writePlain(
        _ run: StandaloneRun, _ target: String, _ allowsPersonalData: Bool, _ console: Console
    ) async throws {
        // A reader that does not read holds up a thread of its own, and none of Swift's.
        let writing = try await BlockingPool<Void>(name: "csv") {}
        let file = target == "-" ? nil : try PlainFile(target)
        do {
            let results = try await run.writePlain(allowsPersonalData: allowsPersonalData) { bytes in
                try await writing.run { _ in
                    if let file { try file.write(bytes) } else { try console.write(bytes) }
                }
            }
            if let file { try await writing.run { _ in try file.publish() } }
            tell(results, console)
        } catch {
            file?.discard()
            throw error
        }
    }

    /// A plain CSV has no receipt, so that what it lacks as a whole is told beside it.
    private static func tell(_ results: [StandaloneRun.Result], _ console: Console) {
        for (code, count) in (results.first?.requestFindings ?? [:]).sorted(by: { $0.key < $1.key }) {
            console.note("exhaust: note: \(HumanText.count(count)), \(code.meaning)")
        }
    }

    private static func show(
        _ results: [StandaloneRun.Result], _ folder: String, isJSON: Bool, on console: Console
    ) throws {
        if isJSON {
            let list = results.map { result in
                JSONValue.members(
                    ("batchId", .string(result.batch.batch)), ("collectionId", .string(result.batch.collection)),
                    ("path", .string("\(folder)/\(result.path ?? "")")), ("receipt", result.receipt ?? .null))
            }
            try console.print(JSONValue.members(("files", .array(list))).compactText + "\n")
            return
        }
        for result in results {
            try console.print("\(folder)/\(result.path ?? "")\n")
            try console.print(ReceiptText.text(result.receipt ?? .null, indent: "  "))
        }
    }
}

/// Shows on a terminal how far one run is.
enum MeterLine {
    static func show(_ meter: RunMeter, title: String, on console: Console, _ clock: SystemClock) async throws {
        guard console.isInteractive else { return }
        var bar = ProgressBar(title, unit: "learners", at: clock.seconds)
        while true {
            try await clock.sleep(seconds: ProgressBar.interval)
            let progress = meter.progress
            if let line = bar.line(done: progress.learnersDone, total: progress.learnersExpected, at: clock.seconds) {
                console.setStatus(line)
            }
        }
    }
}
