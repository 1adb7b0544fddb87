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
    private let opening = Mutex<Opening?>(nil)

    /// A connection, made or being made, and when its tables were looked at.
    private struct Opening {
        var task: Task<Opened, any Error>
        var since: ContinuousClock.Instant

        /// The session, if it was made.
        var session: CassandraSession? {
            get async {
                guard case .success(let opened) = await task.result else { return nil }
                return opened.session
            }
        }
    }

    /// Tables may be migrated while we run: what was found is believed for so long. A run looks at them when it begins.
    static let schemaSeconds = 30.0

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

    /// The session, with the tables that it found: a while ago, or, of a `run`, now.
    func opened(forRun run: Bool = false) async throws -> Opened {
        let now = ContinuousClock.now
        // Shared by all who come while it is connecting, so that it is no child of the first of them.
        let (task, before) = opening.withLock { opening -> (Task<Opened, any Error>, Opening?) in
            let before = opening
            if let before, !run, before.since.duration(to: now) < .seconds(Self.schemaSeconds) {
                return (before.task, nil)
            }
            let task = Task { [driver, options, keyspaces] in
                let session: CassandraSession
                if let made = await before?.session {
                    session = made
                } else {
                    session = try await CassandraSession.connect(try driver(), options)
                }
                return Opened(session: session, schema: try await .read(keyspaces.all, from: session))
            }
            opening = Opening(task: task, since: now)
            return (task, before)
        }
        do {
            return try await task.value
        } catch {
            // A session that was made stays; the driver connects it again.
            let kept = await before?.session == nil ? nil : before
            opening.withLock { if $0?.task == task { $0 = kept } }
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
            return opening?.task
        }
        // A connection that was never made needs no end.
        guard case .success(let opened)? = await task?.result else { return }
        await opened.session.close()
    }
}
