import CassandraAccess
import CassandraLoading
import ReportModel

/// How fast aggregates are got by asking, by the number of learners in one question: what the width in `Asking` rests on.
struct AskBench {
    /// Questions under way, as the product has it (`Asking`).
    private static let questionsAtOnce = 32
    private static let rounds = 3

    let session: CassandraSession
    let form: DeploymentForm

    func run(widths: [Int]) async throws {
        let (users, activity, context) = try await sample()
        let query = try await session.prepare(
            "SELECT user_id, aggregates, agg FROM \(form.courses).user_activity_agg WHERE activity_type = 'Course' "
                + "AND activity_id = ? AND context_id = ? AND user_id IN ?", "prepare")
        var best: [Int: Double] = [:]
        for _ in 0..<Self.rounds {
            // In turn, so that what else the machine does meets all.
            for width in widths {
                let clock = ContinuousClock()
                let begun = clock.now
                try await ask(query, [.text(activity), .text(context)], users, width)
                let seconds = (clock.now - begun) / .seconds(1)
                best[width] = max(best[width] ?? 0, Double(users.count) / seconds)
            }
        }
        for width in widths { print("\(width) learners a question: \(Int(best[width] ?? 0)) partitions a second") }
    }

    /// All learners who have an aggregate of the activity and context that the first row has.
    private func sample() async throws -> (users: [[UInt8]], activity: [UInt8], context: [UInt8]) {
        let query = try await session.prepare(
            "SELECT user_id, activity_id, context_id FROM \(form.courses).user_activity_agg", "prepare")
        var pages = try session.pages(of: query, [], pageRows: 5_000, "scan")
        var users: [[UInt8]] = []
        var place: [[UInt8]]?
        while let page = try await pages.next() {
            page.forEachRow { row in
                let cells = (0..<3).map { row.bytes($0).map { Array($0) } ?? [] }
                let here = Array(cells.dropFirst())
                if place == nil { place = here }
                if place == here { users.append(cells[0]) }
            }
        }
        guard let place else { throw ExhaustError(.invalidInput, "there are no aggregates to ask for") }
        return (users, place[0], place[1])
    }

    private func ask(_ query: PreparedQuery, _ values: [QueryValue], _ users: [[UInt8]], _ width: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, start) in stride(from: 0, to: users.count, by: width).enumerated() {
                if number >= Self.questionsAtOnce { try await group.next() }
                let chunk = Array(users[start..<min(start + width, users.count)])
                group.addTask { [session] in
                    var pages = try session.pages(of: query, values + [.texts(chunk)], pageRows: 5_000, "ask")
                    while try await pages.next() != nil {}
                }
            }
            try await group.waitForAll()
        }
    }
}
