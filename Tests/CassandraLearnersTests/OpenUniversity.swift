import CassandraLearners
import CassandraLoading
import Glibc
import PersonalData
import ReportModel
import ReportPorts
import ReportRows
import ReportService
import ReportTesting
import SQLiteLearners
import SecureArchive
import ServiceTesting
import Synchronization

/// A report in a layout.
struct ReportForm: Sendable, Hashable {
    var report: String
    var layout: ReportLayout

    static let all = ["progress-exhaust", "response-exhaust", "userinfo-exhaust"].flatMap { report in
        [ReportLayout.documented, .sunbird].map { ReportForm(report: report, layout: $0) }
    }
}

/// Real learner data, in the embedded store and in deployments; not part of the project.
enum OpenUniversity {
    private static let project = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")
    static let folder = variable("EXHAUST_OULAD") ?? "\(project)/../shared/data/oulad"
    static var isThere: Bool { access(folder, R_OK) == 0 }
    /// Another program's way of filling a deployment, and the Python that runs it.
    static let otherLoader = variable("EXHAUST_LOAD_STORES") ?? "\(project)/../shared/tools/load_stores.py"

    /// All that there is, or of each report and each way of reading some.
    static let isThorough = variable("EXHAUST_TEST_THOROUGH") == "1"

    /// A deployment with the data, and which batches of it. Keyed by user: loaded by our own loader. Keyed by course: by
    /// another program's, where that is there, so that a mistake of ours would show; it takes its time, and so gets only
    /// the batches of one course unless the test is to be thorough.
    static func deployment(_ key: DeploymentForm.AttemptKey) async throws -> (DeploymentForm, isWhole: Bool) {
        let isOther = key == .course && (TestService.requiresAll || access(otherLoader, R_OK) == 0)
        let isWhole = !isOther || isThorough
        let form = DeploymentForm(prefix: isOther ? "" : "ou_\(key)_", attemptKey: key)
        let loaded = try await TestNode.deployment(form, makes: !isOther) { loader in
            guard isOther else {
                try await loader.load(folder: folder)
                return
            }
            let some = try TemporaryFolder()
            if !isWhole { try await copyCourse(to: some.path) }
            let words = [
                otherLoader, isWhole ? folder : some.path, "--cassandra", try TestNode.service.address(),
                "--attempts-key", key.rawValue,
            ]
            try await run("python3", words)
        }
        return (loaded, isWhole)
    }

    private static func copyCourse(to target: String) async throws {
        let script = """
            for file in '\(folder)'/*.jsonl.gz; do
                zgrep -e ou-AAA -e ou_AAA -e custodianOrgId "$file" > '\(target)'/"$(basename "$file" .gz)" || true
            done
            """
        try await run("sh", ["-c", script])
    }

    private static func run(_ program: String, _ arguments: [String]) async throws {
        let status = await BackgroundProgram.run(program, arguments)
        guard status == 0 else { throw ExhaustError(.internalFault, "\(program) \(arguments) ended with \(status)") }
    }

    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The data in an embedded store, which is imported once.
    static let embedded = Task {
        let store = try TemporaryFolder()
        _ = try await Importer(folder: folder, store: store.path + "/learners.db")
            .run(now: Timestamp(milliseconds: 1))
        return store
    }

    /// Everything from the embedded store.
    static func embeddedSources() async throws -> SourcePorts {
        let path = try await embedded.value.path + "/learners.db"
        let catalogue = SQLiteCatalogue(path: path)
        return SourcePorts(
            learners: SQLiteLearnerStore(path: path), catalogue: catalogue, policies: catalogue,
            decrypter: try PersonalDataCipher(salt: "SunBird"), clock: ManualClock())
    }

    /// Profiles and contents from the embedded store, all else from a deployment.
    static func sources(
        _ form: DeploymentForm, _ reading: CassandraReading, _ source: CassandraSource
    ) async throws -> SourcePorts {
        var sources = try await embeddedSources()
        let embedded = try await sources.learners.open(for: [], needs: LearnerNeeds())
        sources.learners = CassandraLearnerStore(
            source: source, reading: reading, profiles: embedded.profiles, archive: embedded.archive,
            pool: try await TestNode.pool.value)
        sources.catalogue = CassandraCatalogue(
            source, contents: CatalogueContents(sources.catalogue), clock: ManualClock())
        return sources
    }

    /// The CSV of all batches, or of those of one course, asked by each collection's own organisation.
    static func csv(_ form: ReportForm, isWhole: Bool, from sources: SourcePorts) async throws -> [UInt8] {
        let catalogue = try await embeddedSources().catalogue
        let collections =
            try await catalogue
            .search(JSONValue(parsing: #"{"request":{"filters":{"status":["Live"]}}}"#)).map(\.identifier)
        let ids = try await catalogue.batches(ofCollections: collections).map(\.key.batch).filter {
            isWhole || $0.hasPrefix("ou-AAA")
        }
        var settings = ServiceSettings()
        settings.learnersPerRange = 1_000
        settings.batchesPerRequest = ids.count
        let run = StandaloneRun(
            sources: sources, settings: settings, report: try ReportRegistry.standard.report(named: form.report),
            config: DatasetConfig(selection: .batches(ids)), channel: "System", layout: form.layout, meter: RunMeter())
        let text = CollectedText()
        let results = try await run.writePlain(allowsPersonalData: true) { await text.add($0) }
        guard results.count == (isWhole ? 22 : 2) else {
            throw ExhaustError(.internalFault, "\(results.count) batches")
        }
        return await text.bytes
    }

    private actor CollectedText {
        private(set) var bytes: [UInt8] = []
        func add(_ more: [UInt8]) { bytes += more }
    }
}

/// What the embedded store gives, made once a report.
enum Expected {
    private struct Key: Hashable {
        var form: ReportForm
        var isWhole: Bool
    }

    private static let made = Mutex<[Key: Task<[UInt8], any Error>]>([:])

    static func csv(_ form: ReportForm, isWhole: Bool) async throws -> [UInt8] {
        let key = Key(form: form, isWhole: isWhole)
        let task = made.withLock { made in
            let task =
                made[key]
                ?? Task {
                    try await OpenUniversity.csv(form, isWhole: isWhole, from: OpenUniversity.embeddedSources())
                }
            made[key] = task
            return task
        }
        return try await task.value
    }
}
