internal import CCassandra
import ReportModel

/// A connection to a cluster: queries that only read, each repeated while its failure can pass.
///
/// Unchecked: a session of the driver is safe to use on any thread, and is freed by the last reference.
public final class CassandraSession: @unchecked Sendable {
    private let api: ccassandra_api
    private let session: OpaquePointer
    private let gate: RequestGate
    private let options: CassandraOptions

    private init(_ api: ccassandra_api, _ session: OpaquePointer, _ options: CassandraOptions) {
        self.api = api
        self.session = session
        self.options = options
        gate = RequestGate(limit: options.requestsInFlight)
    }

    deinit { api.session_free(session) }

    /// Connects. Throws `unavailable` if no node answers, `invalidInput` if the cluster refuses or a setting is wrong.
    public static func connect(
        _ driver: CassandraDriver, _ options: CassandraOptions
    ) async throws -> CassandraSession {
        let api = driver.api.functions
        guard let pointer = api.session_new() else { throw ExhaustError(.internalFault, "Cassandra: no session") }
        let session = CassandraSession(api, pointer, options)
        try session.check(try await session.startConnecting().code(), "connect")
        return session
    }

    /// Parses a query on the cluster. `what` names it in errors, such as `read enrolments`.
    public func prepare(_ text: String, _ what: String) async throws -> PreparedQuery {
        var failures = 0
        while true {
            let future = try startPreparing(text)
            if try await !mayRepeat(future.code(), &failures, what), let prepared = future.prepared {
                return PreparedQuery(prepared, text, api)
            }
        }
    }

    /// Whether the cluster does not take a query any more that it once took. The driver tells so of a table that was changed
    /// meanwhile as if no node had answered.
    func isOutdated(_ query: PreparedQuery) async throws -> Bool {
        CassandraFailure.isRefusedQuery(try await startPreparing(query.text).code())
    }

    private func startPreparing(_ text: String) throws -> CassandraFuture {
        var text = text
        let future = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { api.session_prepare_n(session, $0.baseAddress, $0.count) }
        }
        guard let future else { throw ExhaustError(.internalFault, "Cassandra: the driver does not prepare") }
        return CassandraFuture(future, api)
    }

    /// The pages of a query, read when they are asked for, one ahead: at most `pageRows` rows each, and fewer where
    /// rows are long; the first one at most `firstPageRows`. `what` names it in errors.
    public func pages(
        of query: PreparedQuery, _ values: [QueryValue], pageRows: Int, firstPageRows: Int? = nil, _ what: String
    ) throws -> CassandraPages {
        // The first page is small, since nobody knows yet how long its rows are.
        let first = min(pageRows, firstPageRows ?? pageRows)
        return CassandraPages(
            self, query, try CassandraStatement(query, values, pageRows: first, api), pageRows: pageRows, api, what)
    }

    /// Ends it after what is under way.
    public func close() async {
        guard let future = api.session_close(session) else { return }
        do {
            _ = try await CassandraFuture(future, api).code()
        } catch {
            // A cancelled task waits no longer; the driver ends the session by itself.
        }
    }

    func execute(_ statement: CassandraStatement) async throws -> CassandraFuture {
        try await gate.enter()
        guard let future = api.session_execute(session, statement.pointer) else {
            gate.leave()
            throw ExhaustError(.internalFault, "Cassandra: the driver does not execute")
        }
        return CassandraFuture(future, api) { [gate] in gate.leave() }
    }

    /// Whether what ended with `code` is to be asked again, after the wait that is due; throws if not and it failed.
    func mayRepeat(_ code: Int32, _ failures: inout Int, _ what: String) async throws -> Bool {
        if code == 0 { return false }
        failures += 1
        guard CassandraFailure.canPass(code), failures < options.retry.attempts else {
            throw CassandraFailure.error(code, doing: what)
        }
        let wait = options.retry.seconds(after: failures, chance: Double.random(in: 0...1))
        try await Task.sleep(for: .seconds(wait))
        return true
    }

    private func check(_ code: Int32, _ what: String) throws(ExhaustError) {
        if code != 0 { throw CassandraFailure.error(code, doing: what) }
    }

    private func startConnecting() throws -> CassandraFuture {
        guard let cluster = api.cluster_new() else { throw ExhaustError(.internalFault, "Cassandra: no cluster") }
        defer { api.cluster_free(cluster) }
        try ClusterConfiguration(api: api, cluster: cluster).apply(options)
        guard let future = api.session_connect(session, cluster) else {
            throw ExhaustError(.internalFault, "Cassandra: the driver does not connect")
        }
        return CassandraFuture(future, api)
    }
}
