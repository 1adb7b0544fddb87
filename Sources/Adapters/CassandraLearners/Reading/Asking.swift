import CassandraAccess
import ReportModel

/// Asks a table for the learners of a page, many at once: never one after the other.
struct Asking: Sendable {
    /// Users of one question: 20 give 65,000 partitions a second on one node, 100 give 75,000, single reads 46,000.
    static let usersPerQuestion = 50
    /// Questions under way for one page.
    static let questionsAtOnce = 32

    let session: CassandraSession
    /// Rows of the first page of an answer; small where rows can have megabytes.
    var firstPageRows = TableScan.pageRows

    /// The answers to `query` for all `users`, a list of users for its last `?`; each answer is turned to values where it
    /// arrives, and the values come in the order of the questions.
    func answers<Value: Sendable>(
        _ query: PreparedQuery, _ values: [QueryValue], users: [[UInt8]], _ what: String,
        _ body: @escaping @Sendable (CassandraPage) throws -> [Value]
    ) async throws -> [Value] {
        let chunks = stride(from: 0, to: users.count, by: Self.usersPerQuestion).map { start in
            Array(users[start..<min(start + Self.usersPerQuestion, users.count)])
        }
        return try await withThrowingTaskGroup(of: (Int, [Value]).self) { group in
            var found = [[Value]](repeating: [], count: chunks.count)
            for (number, chunk) in chunks.enumerated() {
                if number >= Self.questionsAtOnce, let (place, values) = try await group.next() {
                    found[place] = values
                }
                group.addTask { [session] in
                    var pages = try session.pages(
                        of: query, values + [.texts(chunk)], pageRows: TableScan.pageRows,
                        firstPageRows: firstPageRows, what)
                    var answer: [Value] = []
                    while let page = try await pages.next() { answer += try body(page) }
                    return (number, answer)
                }
            }
            for try await (place, values) in group { found[place] = values }
            return found.flatMap { $0 }
        }
    }
}

extension LearnerKeys {
    /// The ids of the learners.
    var users: [[UInt8]] { ids.map { id in arena.withBytes(of: id) { Array($0) } } }
}
