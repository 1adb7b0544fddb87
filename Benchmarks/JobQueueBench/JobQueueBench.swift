import Glibc
import JobLifecycle
import PostgresAccess
import PostgresJobs
import ReportModel
import ReportPorts
import Synchronization

/// How fast requests go through the job table, without the work between lease and end. `Benchmarks/job_queue.py` runs it.
///
///     JobQueueBench work CONNECTION SCHEMA WORKERS    leases and finishes until nothing waits
///     JobQueueBench start CONNECTION SCHEMA COUNT     submits one by one and waits for the lease of each
enum JobQueueBench {
    static func main(_ words: [String]) async throws {
        guard words.count == 4, let count = Int(words[3]) else {
            throw ExhaustError(
                .invalidInput, "JobQueueBench: four words are needed: work|start CONNECTION SCHEMA NUMBER")
        }
        var options = PostgresOptions(connection: words[1])
        options.connections = words[0] == "work" ? count : 4
        let tables = try JobTables(schema: words[2], requestTable: "job_request")
        _ = try await JobMigration(options, tables: tables).run()
        let store = try await PostgresJobStore.open(options, tables: tables)
        switch words[0] {
        case "work": try await work(store, workers: count)
        default: try await start(store, options, tables, count: count)
        }
        await store.close()
    }

    /// Prints how many requests were done, and in how many seconds.
    private static func work(_ store: PostgresJobStore, workers: Int) async throws {
        let begin = seconds()
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var done = 0
                    while let lease = try await store.lease(LeaseAsk(worker: "bench-\(getpid())-\(worker)")) {
                        _ = try await store.finish(lease.token, .succeeded(receipt: "{}", milliseconds: 1))
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        print("\(done) \(seconds() - begin)")
    }

    /// Prints the milliseconds from before each submission on one store to after its lease on another that waits for notices.
    private static func start(
        _ store: PostgresJobStore, _ options: PostgresOptions, _ tables: JobTables, count: Int
    ) async throws {
        let worker = try await PostgresJobStore.open(options, tables: tables, pollSeconds: 3_600)
        let (leases, leased) = AsyncStream.makeStream(of: Double.self)
        let working = Task {
            for await _ in worker.work() {
                while let lease = try await worker.lease(LeaseAsk(worker: "bench")) {
                    leased.yield(seconds())
                    _ = try await worker.finish(lease.token, .succeeded(receipt: "{}", milliseconds: 1))
                }
            }
        }
        var times = leases.makeAsyncIterator()
        for number in 0..<count {
            let request = JobRequest(
                tag: "t:org", requestID: "start-\(getpid())-\(number)", reportID: "progress-exhaust",
                requestData: #"{"batchId":"b\#(number)"}"#, requestedBy: "user", requestedChannel: "org",
                submittedAt: Timestamp(milliseconds: 0))
            let begin = seconds()
            _ = try await store.submit(Submission(request: request))
            guard let end = await times.next() else { break }
            print((end - begin) * 1000)
        }
        working.cancel()
        _ = await working.result
        await worker.close()
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
