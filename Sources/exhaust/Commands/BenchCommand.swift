import CLinux
import Glibc
import ReportModel
import ReportRows
import ReportService
import SQLiteLearners
import SampleData
import SecureArchive

/// `exhaust bench`
enum BenchCommand {
    private static let learners = Parameter.option("learners", "N", "Learners of the course; 100000 otherwise.")
    private static let work = Parameter.option("work", "DIR", "Folder for data and files; a temporary one otherwise.")

    static let command = Command(
        "bench", summary: "Measures how fast this machine makes reports.",
        details: """
            Makes a sample course (three attempts and 4.5 aggregates a learner), imports it, and makes each report into an \
            encrypted zip. Benchmarks/ compares the same work with other programs.
            """, parameters: [learners, work, SharedParameters.json]
    ) { arguments, console in
        let composition = try Composition(arguments, console)
        let count = try arguments.number(learners, 1...100_000_000) ?? 100_000
        let folder = try arguments.value(work) ?? temporaryFolder()
        let isTemporary = !arguments.has(work)
        let result = try await StopSignals.cancelling {
            try await measure(count, in: folder, composition, console)
        }
        if isTemporary { try await FolderWork.run { try FolderRemoval.remove(folder) } }
        if arguments.has(SharedParameters.json) {
            try console.print(JSONValue.object(result.map { .init($0.0, .number(String($0.1))) }).compactText + "\n")
        }
        return .success
    }

    private static func measure(
        _ count: Int, in folder: String, _ composition: Composition, _ console: Console
    ) async throws -> [(String, Double)] {
        let clock = composition.clock
        var results: [(String, Double)] = []
        func note(_ name: String, _ seconds: Double, _ text: String) {
            results.append((name, seconds))
            console.note("\(name)  \(HumanText.duration(seconds))  \(text)")
        }
        let sample = try DataFolder.create("\(folder)/sample").path
        let data = try DataFolder.create("\(folder)/data")
        var started = clock.seconds
        _ = try await SampleCommand.write(SampleOptions(learners: count), to: sample, composition)
        note("sample", clock.seconds - started, "\(HumanText.count(count)) learners")
        started = clock.seconds
        let imported = try await Importer(folder: sample, store: data.learners).run(now: clock.now())
        note("import", clock.seconds - started, "\(HumanText.count(imported.rows)) rows")
        let sources = try await composition.sources(in: data)
        let password = try Password("benchmark password")
        for report in composition.registry.reports {
            started = clock.seconds
            let run = StandaloneRun(
                sources: sources, settings: composition.serviceSettings, report: report,
                config: DatasetConfig(selection: .batch(SampleData.batch.batch)), channel: SampleData.organisation,
                layout: nil, meter: RunMeter())
            let made = try await OutputFolder(DataFolder.create("\(folder)/files").path).using { files, parts in
                try await run.writeFiles(to: files, parts: parts, password: password)
            }
            let seconds = clock.seconds - started
            let rows = made.reduce(0) { $0 + $1.tally.rows }
            note(
                report.id, seconds,
                "\(HumanText.count(rows)) rows, \(HumanText.count(Int(Double(rows) / max(seconds, 0.001)))) rows/s")
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        results.append(("peakMemoryMiB", Double(usage.ru_maxrss) / 1024))
        console.note("peak memory  \(HumanText.size(usage.ru_maxrss * 1024))")
        return results
    }

    private static func temporaryFolder() throws -> String {
        var template = Array("\(ExhaustProgram.environment["TMPDIR"] ?? "/tmp")/exhaust-bench-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw ExhaustError(
                .storageFailed, "temporary folder: cannot make it: \(systemReason())", remedy: "Name one with --work.")
        }
        return String(cString: made)
    }
}
