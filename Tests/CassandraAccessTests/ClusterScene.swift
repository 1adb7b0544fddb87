import CassandraAccess
import Glibc
import ReportModel
import ServiceTesting
import Synchronization
import Testing

/// A session on the tests' node, in a keyspace of its own.
struct ClusterScene {
    let driver: CassandraDriver
    let session: CassandraSession
    let keyspace: String

    static let service = TestService(name: "cassandra", variable: "EXHAUST_TEST_CASSANDRA")
    static let log = Mutex<[String]>([])

    static func openDriver() throws -> CassandraDriver {
        let path = getenv("EXHAUST_TEST_CASSANDRA_DRIVER").map { String(cString: $0) } ?? ""
        return try CassandraDriver(libraries: [path]) { severity, origin in
            log.withLock { $0.append("\(severity) \(origin)") }
        }
    }

    static func options(_ address: String? = nil) throws -> CassandraOptions {
        let parts = try (address ?? service.address()).split(separator: ":")
        var options = CassandraOptions(contactPoints: [String(parts[0])])
        options.port = Int(parts[1]) ?? 0
        // A change of a table that is repeated because its answer was late is refused the second time.
        options.requestSeconds = 60
        options.idleSeconds = 60
        return options
    }

    /// A keyspace on the tests' node, or on the one that `options` name.
    init(keyspace: String, _ options: CassandraOptions? = nil) async throws {
        driver = try Self.openDriver()
        session = try await CassandraSession.connect(driver, options ?? Self.options())
        self.keyspace = keyspace
        try await run("DROP KEYSPACE IF EXISTS \(keyspace)")
        try await run(
            "CREATE KEYSPACE \(keyspace) WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
    }

    func end() async throws {
        try await run("DROP KEYSPACE IF EXISTS \(keyspace)")
        await session.close()
    }

    func run(_ text: String) async throws {
        var pages = try session.pages(
            of: await session.prepare(text, "prepare"), [], pageRows: 100, "run a statement")
        while try await pages.next() != nil {}
    }

    /// The rows of a query, each made by `body`.
    func rows<Value>(
        _ text: String, _ values: [QueryValue] = [], pageRows: Int = 100, _ body: (CassandraRow) -> Value
    ) async throws -> [Value] {
        var found: [Value] = []
        var pages = try session.pages(of: await session.prepare(text, "prepare"), values, pageRows: pageRows, "read")
        while let page = try await pages.next() { page.forEachRow { found.append(body($0)) } }
        return found
    }
}

func text(_ bytes: UnsafeRawBufferPointer?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
