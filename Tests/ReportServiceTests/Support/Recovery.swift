import JobLifecycle
import ReportModel
import ReportPorts
import ReportService
import ReportTesting
import Synchronization
import Testing

/// A request that something happens to, again and again: once at every call of a run.
struct Recovery: CustomTestStringConvertible {
    var report = "response-exhaust"
    var config = DatasetConfig.batch("b1")
    var learners = 13
    var settings = Self.smallRanges

    /// A report that reads all learners once before the first row.
    static var twoReadings: Recovery {
        Recovery(report: "progress-exhaust", config: .batch("b1", layout: .sunbird))
    }

    static var twoBatches: Recovery { Recovery(config: .batches("b1", "b2")) }

    var testDescription: String { "\(report) \(config.json.compactText)" }

    /// Four ranges of a page each, whose parts are all kept: one part a range.
    static var smallRanges: ServiceSettings {
        var settings = ServiceSettings()
        settings.learnersPerRange = 4
        settings.inMemoryLearners = 0
        settings.parallelRanges = 2
        return settings
    }

    /// The numbers of the calls of a run that nothing happens to. Ranges are worked on at once, so that a number is not
    /// the same call in every run, and the last ones may not be reached.
    func callNumbers() async throws -> ClosedRange<Int> {
        let scene = try scene()
        let tap = PortTap()
        try await scene.submit(report, config)
        try await scene.work("worker-0", tap)
        return 1...tap.calls.count
    }

    func scene() throws -> ServiceScene { try ServiceScene(CourseTables.make(learners), settings: settings) }

    /// The CSV that must come out.
    func csv() async throws -> [UInt8] { try await scene().plainCSV(report, config) }

    /// Checks that the request is done, that its file is whole and the only one, and that nothing else is left once
    /// leftovers were swept.
    func expectComplete(_ scene: ServiceScene, _ key: RequestKey, csv: [UInt8], _ what: Comment) async throws {
        let stored = try await scene.stored(key)
        #expect(stored.request.status == .success, "\(what): \(stored.request.errorMessage ?? "no error")")
        #expect(stored.run?.owner == nil, what)
        let paths = stored.request.downloadPaths
        #expect(paths == stored.run?.files.map(\.path), what)
        #expect(try await scene.files.published().map(\.path) == paths.sorted(), what)
        var found: [UInt8] = []
        // Batches are named as they were finished, which a failure of one changes.
        for path in paths.sorted() {
            let archive = try OpenedArchive(try await scene.bytes(of: path), password: "correct horse")
            found += try archive.csv
        }
        let isSame = found == csv
        #expect(isSame, what)
        scene.clock.advance(seconds: Housekeeping.graceSeconds + 1)
        _ = try await Housekeeping(ports: scene.ports(), reports: []).sweep()
        #expect(scene.files.stagedNames.isEmpty, what)
        #expect(scene.parts.count == 0, what)
        #expect(try await scene.files.published().map(\.path) == paths.sorted(), what)
    }
}

extension PortTap {
    /// The call of that number; nil if there were not so many.
    func call(_ number: Int) -> Call? { calls.indices.contains(number - 1) ? calls[number - 1] : nil }
}

extension PortTap.Call? {
    /// What a failed check says of where it happened.
    var comment: Comment { map { "at call \($0.number), \($0.name)" } ?? "without a fault" }
}
