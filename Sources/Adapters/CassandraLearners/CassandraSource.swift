public import CassandraAccess
import ReportModel
import Synchronization

/// A deployment's cluster: connected when it is first needed, and again after it could not be reached.
public final class CassandraSource: Sendable {
    struct Opened: Sendable {
        var session: CassandraSession
        var schema: CassandraSchema
    }

    let keyspaces: CassandraKeyspaces
    private let driver: @Sendable () throws -> CassandraDriver
    let options: CassandraOptions
    private let opening = Mutex<Task<Opened, any Error>?>(nil)

    /// The cluster that `options` name; `driver` is opened when it is first needed, so that a program that reads no
    /// learners starts without it.
    public init(
        driver: @escaping @Sendable () throws -> CassandraDriver, options: CassandraOptions,
        keyspaces: CassandraKeyspaces
    ) {
        self.driver = driver
        self.options = options
        self.keyspaces = keyspaces
    }

    /// The session, with the tables that it found.
    func opened() async throws -> Opened {
        // Shared by all who come while it is connecting, so that it is no child of the first of them.
        let task = opening.withLock { opening in
            if let opening { return opening }
            let task = Task { [driver, options, keyspaces] in
                let session = try await CassandraSession.connect(try driver(), options)
                return Opened(session: session, schema: try await .read(keyspaces.all, from: session))
            }
            opening = task
            return task
        }
        do {
            return try await task.value
        } catch {
            opening.withLock { if $0 == task { $0 = nil } }
            throw error
        }
    }

    /// A table of the deployment. Throws `dataDamaged` naming it, if it is missing or lacks one of `columns`.
    static func table(
        _ name: String, in schema: CassandraSchema, columns: [String]
    ) throws(ExhaustError) -> TableShape {
        guard let shape = schema.tables[name] else {
            let keyspace = name.split(separator: ".").first.map(String.init) ?? ""
            throw ExhaustError(
                .dataDamaged,
                schema.keyspaces.contains(keyspace)
                    ? "Cassandra: there is no table \(name)" : "Cassandra: there is no keyspace \(keyspace)",
                remedy: "Check the settings cassandra.keyspace.…, and that the user may see it.", mender: .operator)
        }
        for column in columns where !shape.has(column) {
            throw ExhaustError(
                .dataDamaged, "Cassandra: table \(name) has no column \(column)",
                remedy: "Compare the table with the deployment's migrations.", mender: .operator)
        }
        return shape
    }

    /// Throws unless a node answers.
    func check() async throws {
        let session = try await opened().session
        let query = try await session.prepare("SELECT key FROM system.local", "ask whether it is there")
        try await session.forEachRow(of: query, [], "ask whether it is there") { _ in }
    }

    /// Where the cluster is, for people.
    var place: String { "cluster at \(options.contactPoints.joined(separator: ", ")), port \(options.port)" }

    /// The data centre of whichever node answers first, whatever the options say.
    func dataCentreOfContactPoint() async throws -> String {
        var anywhere = options
        anywhere.localDataCentre = nil
        let session = try await CassandraSession.connect(try driver(), anywhere)
        var centre = ""
        let query = try await session.prepare("SELECT data_center FROM system.local", "ask for the data centre")
        try await session.forEachRow(of: query, [], "ask for the data centre") { centre = $0.text(0) }
        await session.close()
        return centre
    }

    /// Ends the connection after what is under way.
    public func close() async {
        let task = opening.withLock { opening in
            defer { opening = nil }
            return opening
        }
        // A connection that was never made needs no end.
        guard case .success(let opened)? = await task?.result else { return }
        await opened.session.close()
    }
}
