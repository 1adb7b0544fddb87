import CassandraAccess
import CassandraLoading
import ReportModel
import SampleData

/// Fills a node with import files, and reads its tables as the product does, throwing the rows away.
///
///     CassandraBench sample LEARNERS FOLDER
///     CassandraBench load HOST:PORT DRIVER PREFIX user|course FOLDER [REPLICAS]
///     CassandraBench scan HOST:PORT DRIVER PREFIX enrolments,aggregates,attempts,scores
///     CassandraBench ask HOST:PORT DRIVER PREFIX 1,10,50,200
struct CassandraBench {
    /// As the product has it (`TableScan`).
    private static let (streams, stretches, pageRows) = (4, 64, 5_000)

    private let words: [String]

    init(_ words: [String]) throws(ExhaustError) {
        let counts = ["sample": [3], "load": [6, 7], "scan": [5], "ask": [5]]
        guard counts[words.first ?? ""]?.contains(words.count) == true else {
            throw ExhaustError(.invalidInput, "usage: see the description of CassandraBench")
        }
        self.words = words
    }

    func run() async throws {
        if words[0] == "sample" { return try sample() }
        let parts = words[1].split(separator: ":")
        var options = CassandraOptions(contactPoints: [String(parts[0])])
        options.port = Int(parts[1]) ?? 9_042
        let session = try await CassandraSession.connect(
            CassandraDriver(libraries: [words[2]]) { _, _ in }, words[0] == "load" ? options.forLoading : options)
        let clock = ContinuousClock()
        if words[0] == "load" {
            var form = DeploymentForm(prefix: words[3], attemptKey: words[4] == "course" ? .course : .user)
            // The sample has one that is no time, as old rows do.
            form.keepsExpiryAsText = true
            form.replicas = words.count == 7 ? Int(words[6]) ?? 1 : 1
            let loader = CassandraLoader(session, form)
            try await loader.create()
            let begun = clock.now
            let counts = try await loader.load(folder: words[5])
            print("\(counts.values.reduce(0, +)) rows in \(clock.now - begun)")
        } else if words[0] == "ask" {
            try await AskBench(session: session, form: DeploymentForm(prefix: words[3], attemptKey: .user))
                .run(widths: words[4].split(separator: ",").compactMap { Int($0) })
        } else {
            let form = DeploymentForm(prefix: words[3], attemptKey: .user)
            for name in words[4].split(separator: ",") {
                let begun = clock.now
                let rows = try await scan(String(name), form, session)
                print("\(name): \(rows) rows in \(clock.now - begun)")
            }
        }
        await session.close()
    }

    /// Import files of a course whose learners have made three attempts of three questions each, and have four aggregates.
    private func sample() throws {
        let options = SampleOptions(
            learners: Int(words[1]) ?? 1, aggregatesPerLearner: 4, questionsPerAttempt: 3)
        // Addresses and numbers are left out; these reports have none.
        let rows = try SampleData(options) { _ in "" }.write(to: words[2])
        for (file, count) in rows.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print("\(file.rawValue) \(count)")
        }
    }

    private func scan(_ name: String, _ form: DeploymentForm, _ session: CassandraSession) async throws -> Int {
        let (table, columns, key) =
            switch name {
            case "enrolments":
                (
                    "user_enrolments",
                    "userid, courseid, batchid, active, enrolled_date, enrolleddate, completedon, certstatus, "
                        + "issued_certificates, certificates, contentstatus", "userid"
                )
            case "aggregates":
                (
                    "user_activity_agg", "user_id, context_id, activity_id, aggregates, agg",
                    "activity_type, activity_id, user_id"
                )
            case "scores":
                (
                    "assessment_aggregator",
                    "user_id, course_id, batch_id, content_id, attempt_id, last_attempted_on, total_score, "
                        + "total_max_score, grand_total", "user_id, course_id"
                )
            default:
                (
                    "assessment_aggregator",
                    "user_id, course_id, batch_id, content_id, attempt_id, last_attempted_on, total_score, "
                        + "total_max_score, grand_total, question", "user_id, course_id"
                )
            }
        let query = try await session.prepare(
            "SELECT \(columns) FROM \(form.courses).\(table) WHERE token(\(key)) > ? AND token(\(key)) <= ?", "prepare")
        let step = UInt64.max / UInt64(Self.stretches)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for stream in 0..<Self.streams {
                group.addTask {
                    var rows = 0
                    for stretch in stride(from: stream, to: Self.stretches, by: Self.streams) {
                        let start = Int64(bitPattern: (UInt64(stretch) * step) ^ (1 << 63))
                        let end =
                            stretch + 1 == Self.stretches
                            ? Int64.max : Int64(bitPattern: (UInt64(stretch + 1) * step) ^ (1 << 63))
                        var pages = try session.pages(
                            of: query, [.number(start), .number(end)], pageRows: Self.pageRows, "scan")
                        while let page = try await pages.next() { rows += page.count }
                    }
                    return rows
                }
            }
            return try await group.reduce(0, +)
        }
    }
}
