import CassandraAccess
import CassandraLoading
import Glibc
import ServiceTesting

/// Learner data in a Cassandra, as a deployment has it, for the real binary.
struct Deployment {
    static let service = TestService(name: "cassandra", variable: "EXHAUST_TEST_CASSANDRA")

    var form: DeploymentForm
    let options: CassandraOptions
    private let libraries: String

    /// A deployment of its own on the tests' node, or on another one.
    init(
        _ key: DeploymentForm.AttemptKey, at address: String? = nil, libraries: String? = nil,
        _ change: (inout CassandraOptions) -> Void = { _ in }
    ) throws {
        let parts = try (address ?? Self.service.address()).split(separator: ":")
        var options = CassandraOptions(contactPoints: [String(parts[0])])
        options.port = Int(parts[1]) ?? 0
        change(&options)
        self.options = options
        form = DeploymentForm(prefix: "it_\(getpid())_\(UInt32.random(in: 0 ... .max))_", attemptKey: key)
        self.libraries =
            libraries ?? getenv("EXHAUST_TEST_CASSANDRA_DRIVER").map { String(cString: $0) } ?? ""
    }

    /// The settings that make the program read from it.
    var settings: [String: String] {
        [
            "EXHAUST_LEARNERS_STORE": "cassandra", "EXHAUST_CASSANDRA_DRIVER": libraries,
            "EXHAUST_CASSANDRA_CONTACTPOINTS": options.contactPoints[0],
            "EXHAUST_CASSANDRA_PORT": String(options.port), "EXHAUST_CASSANDRA_KEYSPACE_COURSES": form.courses,
            "EXHAUST_CASSANDRA_KEYSPACE_HIERARCHY": form.hierarchy,
            "EXHAUST_CASSANDRA_KEYSPACE_PLATFORM": form.platform, "EXHAUST_CASSANDRA_ATTEMPTS": "3",
        ]
    }

    /// Lets `body` change what is in it.
    func changing(_ body: (CassandraLoader) async throws -> Void) async throws {
        let driver = try CassandraDriver(libraries: [libraries]) { _, _ in }
        let session = try await CassandraSession.connect(driver, options.forLoading)
        try await body(CassandraLoader(session, form))
        await session.close()
    }

    /// Makes the tables and fills them with a folder in import form.
    func fill(from folder: String) async throws {
        try await changing { loader in
            try await loader.create()
            try await loader.load(folder: folder)
        }
    }

    /// Removes its tables.
    func end() async throws { try await changing { try await $0.drop() } }
}
