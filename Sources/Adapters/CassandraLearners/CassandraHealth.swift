import CassandraAccess
import ReportModel
public import ReportPorts

/// Looks at everything that reading from a cluster needs: driver, nodes, data centre, keyspaces, tables, columns, rights.
public struct CassandraHealth: HealthReporting {
    /// What a table must have.
    private struct Need {
        var table: String
        var columns: [String]
    }

    private let source: CassandraSource
    private let reading: CassandraReading
    private let clock: any ServiceClock

    /// Looks at the cluster of `source`, as it would be read by `reading`.
    public init(_ source: CassandraSource, reading: CassandraReading, clock: any ServiceClock) {
        self.source = source
        self.reading = reading
        self.clock = clock
    }

    /// As `HealthReporting.subject`.
    public var subject: String { "cassandra" }

    /// The cluster, then each table that cannot be read, or one line for all that can.
    public func health() async -> [ComponentHealth] {
        let begun = clock.now()
        let opened: CassandraSource.Opened
        do { opened = try await source.opened() } catch {
            return [component("cassandra", begun, await explained(error))]
        }
        var found = [component("cassandra", begun, nil)]
        for need in needs(opened.schema) {
            let problem = await problem(need, opened)
            if let problem { found.append(component("cassandra \(need.table)", clock.now(), problem)) }
        }
        if found.count == 1 { found += await ways(opened) }
        return found
    }

    private func component(_ name: String, _ begun: Timestamp, _ problem: ExhaustError?) -> ComponentHealth {
        ComponentHealth(
            name: name, place: source.place, problem: problem,
            milliseconds: Int(clock.now().seconds(since: begun) * 1_000))
    }

    private func needs(_ schema: CassandraSchema) -> [Need] {
        let keyspaces = source.keyspaces
        let tables = CassandraTables(keyspaces, schema, enrolments: reading.enrolments)
        return [
            Need(table: keyspaces.batches, columns: ["courseid", "batchid", "name"]),
            Need(table: tables.enrolments, columns: ["userid", "courseid", "batchid", "active"]),
            Need(
                table: tables.aggregates, columns: ["activity_type", "activity_id", "user_id", "context_id"]),
            Need(
                table: tables.attempts,
                columns: ["course_id", "batch_id", "user_id", "content_id", "attempt_id", "total_score", "question"]),
            Need(table: keyspaces.trees, columns: ["identifier", "hierarchy"]),
            Need(table: tables.consents, columns: ["user_id", "consumer_id", "object_id", "status"]),
            Need(table: keyspaces.settings, columns: ["id", "value"]),
        ]
    }

    /// What is wrong with a table: it is missing, a column is, or the user may not read it.
    private func problem(_ need: Need, _ opened: CassandraSource.Opened) async -> ExhaustError? {
        do {
            let shape = try CassandraSource.table(need.table, in: opened.schema, columns: need.columns)
            // A partition that nobody has: the question costs nothing, and tells whether it is allowed.
            let condition = shape.partitionKey.map { "\($0) = ?" }.joined(separator: " AND ")
            let query = try await opened.session.prepare(
                "SELECT \(need.columns[0]) FROM \(need.table) WHERE \(condition) LIMIT 1", "read \(need.table)")
            let nobody = shape.partitionKey.map { _ in QueryValue.text(Array("exhaust-doctor".utf8)) }
            try await opened.session.forEachRow(of: query, nobody, "read \(need.table)") { _ in }
            return nil
        } catch {
            return Self.wrapped(error)
        }
    }

    /// Which way large tables would be read.
    private func ways(_ opened: CassandraSource.Opened) async -> [ComponentHealth] {
        let tables = CassandraTables(source.keyspaces, opened.schema, enrolments: reading.enrolments)
        var found: [ComponentHealth] = []
        for table in [tables.enrolments, tables.aggregates, tables.attempts, tables.consents] {
            let begun = clock.now()
            do {
                let shape = try tables.shape(table, columns: [])
                let way = try await way(table, shape, isEnrolments: table == tables.enrolments, opened.session)
                found.append(
                    ComponentHealth(
                        name: "cassandra \(table)",
                        place: "keyed by (\(shape.partitionKey.joined(separator: ", "))), \(way)",
                        milliseconds: Int(clock.now().seconds(since: begun) * 1_000)))
            } catch {
                found.append(component("cassandra \(table)", begun, Self.wrapped(error)))
            }
        }
        return found
    }

    private func way(
        _ table: String, _ shape: TableShape, isEnrolments: Bool, _ session: CassandraSession
    ) async throws -> String {
        if ["batchid", "course_id"].contains(shape.partitionKey.first ?? "") { return "read by partition" }
        if isEnrolments { return "scanned once a run" }
        if let way = reading.way { return "\(way.rawValue) by the setting cassandra.reading" }
        let estimate = try await TableEstimate.read(table, from: session)
        guard let limit = ReadingChoice.lookUps(for: estimate) else { return "scanned, as it is not counted yet" }
        return "asked up to \(limit) look-ups, scanned above"
    }

    /// No node of the data centre that the setting names looks like no node at all.
    private func explained(_ error: any Error) async -> ExhaustError {
        let error = Self.wrapped(error)
        guard error.code == .unavailable, let wanted = source.options.localDataCentre else { return error }
        do {
            let centre = try await source.dataCentreOfContactPoint()
            guard centre != wanted else { return error }
            return ExhaustError(
                .invalidInput, "Cassandra: there is no data centre \(wanted); the contact points are in \(centre)",
                remedy: "Correct cassandra.localDataCentre.", mender: .operator)
        } catch {
            return Self.wrapped(error)
        }
    }

    private static func wrapped(_ error: any Error) -> ExhaustError {
        error as? ExhaustError ?? ExhaustError(.unavailable, "Cassandra: it was not looked at", cause: error)
    }
}
