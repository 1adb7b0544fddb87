import CassandraAccess
import ReportModel
import ReportPorts
import Synchronization

/// Reads a whole table by stretches of its ring, several at once.
struct TableScan: Sendable {
    /// Stretches read at once: four pass 212,000 to 252,000 rows a second on one node, one 91,000 (measured).
    static let defaultStreams = 4
    /// Stretches of the ring; a failed one is read again from its start, or from its last page.
    static let stretches = 64
    /// Rows of a page.
    static let pageRows = 5_000

    let session: CassandraSession
    /// The query, whose last two values are the bounds of a stretch.
    let query: PreparedQuery
    let values: [QueryValue]
    let what: String
    var streams = defaultStreams
    /// Rows of the first page of a stretch; small where rows can have megabytes.
    var firstPageRows = pageRows
    /// Told of every stretch that was read.
    var meter = ReadingMeter()

    /// Rows of the first page where each holds the answers to a test, of any length.
    static let firstAttempts = 2

    /// The end of every scan's query.
    static func condition(_ partitionKey: [String]) -> String {
        let token = "token(\(partitionKey.joined(separator: ", ")))"
        return "\(token) > ? AND \(token) <= ?"
    }

    /// Calls `body` for every page; each stream has an own `State`, made by `begin` and given to `end`.
    func run<State: ~Copyable>(
        begin: @escaping @Sendable () -> State,
        _ body: @escaping @Sendable (inout State, CassandraPage) async throws -> Void,
        end: @escaping @Sendable (consuming State) async throws -> Void
    ) async throws {
        let waiting = StretchQueue(TokenRange.ring(cutInto: Self.stretches))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, streams) {
                group.addTask {
                    var state = begin()
                    while let range = waiting.next() {
                        try Task.checkCancellation()
                        var pages = try session.pages(
                            of: query, values + [.number(range.after), .number(range.through)],
                            pageRows: Self.pageRows, firstPageRows: firstPageRows, what)
                        while let page = try await pages.next() { try await body(&state, page) }
                        meter.addDone()
                    }
                    try await end(state)
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Stretches that nobody has read yet.
private final class StretchQueue: Sendable {
    private let ranges: Mutex<[TokenRange]>

    init(_ ranges: [TokenRange]) { self.ranges = Mutex(ranges.reversed()) }

    func next() -> TokenRange? { ranges.withLock { $0.popLast() } }
}
