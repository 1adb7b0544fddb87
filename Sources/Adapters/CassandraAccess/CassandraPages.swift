internal import CCassandra
import ReportModel

/// The pages of one query. While a page is looked at, the next is already on its way; a page that fails for a reason that
/// can pass is asked again, and only that page. Used by one task.
public struct CassandraPages: ~Copyable {
    private let session: CassandraSession
    private let query: PreparedQuery
    private let statement: CassandraStatement
    private let api: ccassandra_api
    private let what: String
    private let pageRows: Int
    private var ahead: CassandraFuture?
    private var isEnded = false

    /// Bytes that a page should have about: rows of some tables have a hundred bytes, of others megabytes, and the protocol
    /// counts rows.
    public static let pageBytes = 1 << 20

    init(
        _ session: CassandraSession, _ query: PreparedQuery, _ statement: CassandraStatement, pageRows: Int,
        _ api: ccassandra_api, _ what: String
    ) {
        self.query = query
        self.pageRows = pageRows
        self.session = session
        self.statement = statement
        self.api = api
        self.what = what
    }

    /// The next page, which may be without rows although others follow; nil after the last.
    public mutating func next() async throws -> CassandraPage? {
        if isEnded { return nil }
        var failures = 0
        while true {
            let future: CassandraFuture
            if let ahead { future = ahead } else { future = try await session.execute(statement) }
            ahead = nil
            let code = try await future.code()
            if CassandraFailure.canBeOutdated(code), try await session.isOutdated(query) {
                throw CassandraFailure.changedTable(doing: what)
            }
            if try await session.mayRepeat(code, &failures, what) { continue }
            guard let result = future.result else {
                throw ExhaustError(.internalFault, "Cassandra: cannot \(what): an answer without a result")
            }
            let page = CassandraPage(result, api)
            if page.hasMore {
                try statement.advance(after: result)
                // As many rows as the first of this page says; the setting is the most.
                let rowBytes = max(1, page.firstRowBytes)
                try statement.setPageRows(min(pageRows, max(1, Self.pageBytes / rowBytes)))
                ahead = try await session.execute(statement)
            } else {
                isEnded = true
            }
            return page
        }
    }
}
