import BlockingWork
import CassandraAccess
import CassandraLearners
import CassandraLoading
import Glibc
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteLearners
import ServiceTesting
import Synchronization
import Testing

/// A way of reading a deployment: from which enrolment table, asked or scanned.
struct DeploymentReading: Sendable, Hashable, CustomTestStringConvertible {
    var attemptKey: DeploymentForm.AttemptKey
    var enrolments: String
    var way: ReadingWay

    var testDescription: String { "attempts by \(attemptKey), \(enrolments), \(way)" }

    static let all = DeploymentForm.AttemptKey.allCases.flatMap { key in
        ["user_enrolments", "report_user_enrolments"].flatMap { table in
            [ReadingWay.asked, .scanned].map { DeploymentReading(attemptKey: key, enrolments: table, way: $0) }
        }
    }
}

/// The tests' node, with what is loaded into it once and read by many tests.
enum TestNode {
    static let service = TestService(name: "cassandra", variable: "EXHAUST_TEST_CASSANDRA")
    static let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"

    static func driver() throws -> CassandraDriver {
        let path = getenv("EXHAUST_TEST_CASSANDRA_DRIVER").map { String(cString: $0) } ?? ""
        return try CassandraDriver(libraries: [path]) { _, _ in }
    }

    static func options(_ address: String? = nil) throws -> CassandraOptions {
        let parts = try (address ?? service.address()).split(separator: ":")
        var options = CassandraOptions(contactPoints: [String(parts[0])])
        options.port = Int(parts[1]) ?? 0
        return options
    }

    /// A session for loading.
    static func session(_ options: CassandraOptions? = nil) async throws -> CassandraSession {
        try await CassandraSession.connect(driver(), (options ?? Self.options()).forLoading)
    }

    /// Threads for the spools of all tests.
    static let pool = Task { try await BlockingPool(name: "test-spool", limits: .init(threads: 2)) {} }

    private static let loading = Mutex<[String: Task<DeploymentForm, any Error>]>([:])

    /// A deployment that is loaded by whoever asks for it first.
    static func deployment(
        _ form: DeploymentForm, makes: Bool = true, _ load: @escaping @Sendable (CassandraLoader) async throws -> Void
    ) async throws -> DeploymentForm {
        let task = loading.withLock { loading in
            if let task = loading[form.prefix] { return task }
            let task = Task {
                let session = try await session()
                let loader = CassandraLoader(session, form)
                if makes { try await loader.create() } else { try await loader.drop() }
                try await load(loader)
                await session.close()
                return form
            }
            loading[form.prefix] = task
            return task
        }
        return try await task.value
    }

    static func keyspaces(_ form: DeploymentForm) -> CassandraKeyspaces {
        var keyspaces = CassandraKeyspaces()
        keyspaces.courses = form.courses
        keyspaces.hierarchy = form.hierarchy
        keyspaces.platform = form.platform
        return keyspaces
    }

    static func source(_ form: DeploymentForm, _ options: CassandraOptions? = nil) throws -> CassandraSource {
        try CassandraSource(driver: driver, options: options ?? Self.options(), keyspaces: keyspaces(form))
    }
}

extension LearnerScene {
    /// The scene in a deployment; profiles, contents and archives are elsewhere, as in life.
    static func deployment(_ reading: DeploymentReading) async throws -> (LearnerScene, CassandraSource) {
        let tables = try tables()
        var form = DeploymentForm(prefix: "scene_\(reading.attemptKey)_", attemptKey: reading.attemptKey)
        form.keepsExpiryAsText = true
        form = try await TestNode.deployment(form) { try await $0.load(tables.rows) }
        let memory = MemoryLearners(tables)
        let sources = try await memory.open(for: [], needs: LearnerNeeds())
        let source = try TestNode.source(form)
        var rules = CassandraReading()
        rules.enrolments = reading.enrolments
        rules.way = reading.way
        rules.temporaryFolder = TestNode.folder
        let store = CassandraLearnerStore(
            source: source, reading: rules, profiles: sources.profiles, archive: sources.archive,
            pool: try await TestNode.pool.value)
        let catalogue = CassandraCatalogue(
            source, contents: CatalogueContents(MemoryCatalogue(tables)), clock: ManualClock())
        let policies = CassandraPolicies(source) { place, _ in Array(place.utf8) }
        return (LearnerScene(store: store, catalogue: catalogue, policies: policies), source)
    }
}
