import BlockingWork
import ReportModel
import ReportTesting
import SQLiteAccess
import Testing

@Suite struct GroupCommitTests {
    private func open(_ folder: TemporaryFolder, waiting: Int = 4_096) async throws -> (GroupCommit, ConnectionQueue) {
        let queue = try await ConnectionQueue.open(path: folder.file("a.db")) {
            try $0.execute("CREATE TABLE IF NOT EXISTS t (i INTEGER PRIMARY KEY)")
        }
        return (GroupCommit(queue, name: "store", limits: .init(writesPerTransaction: 8, waiting: waiting)), queue)
    }

    @Test func `writes that wait together share transactions, and one that fails leaves no trace`() async throws {
        let folder = try TemporaryFolder()
        let (commit, queue) = try await open(folder)
        let done = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        return try await commit.write { database in
                            try database.execute("INSERT INTO t VALUES (\(number))")
                            if number % 10 == 3 { throw ExhaustError(.conflict, "\(number)") }
                            return number
                        }
                    } catch let error as ExhaustError where error.message == "\(number)" {
                        return nil
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
        }
        #expect(done == Set((0..<100).filter { $0 % 10 != 3 }))
        let stored = try Database(path: folder.file("a.db")).integer("SELECT count(*) FROM t")
        #expect(stored == 90)
        await queue.close()
    }

    @Test func `a write of a cancelled task is done all the same`() async throws {
        let folder = try TemporaryFolder()
        let (commit, queue) = try await open(folder)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await commit.write { try $0.execute("INSERT INTO t VALUES (1)") }
        }
        try await task.value
        #expect(try Database(path: folder.file("a.db")).integer("SELECT count(*) FROM t") == 1)
        await queue.close()
    }

    @Test func `more writes than may wait are refused, and the others done`() async throws {
        let folder = try TemporaryFolder()
        let (commit, queue) = try await open(folder, waiting: 4)
        let lock = try Database(path: folder.file("a.db"))
        try lock.execute("BEGIN IMMEDIATE")
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    do {
                        try await commit.write { try $0.execute("INSERT INTO t VALUES (\(number))") }
                        return true
                    } catch let error as ExhaustError where error.code == .unavailable {
                        return false
                    }
                }
            }
            var refused = 0
            var done = 0
            while let outcome = try await group.next() {
                if outcome { done += 1 } else { refused += 1 }
                // At most 8 + 4 are in hand while the file is locked: the 28th refusal cannot wait for the lock.
                if refused == 28, lock.isInTransaction { try lock.execute("COMMIT") }
            }
            return (done, refused)
        }
        #expect(outcomes.0 + outcomes.1 == 40 && outcomes.1 >= 28)
        #expect(try lock.integer("SELECT count(*) FROM t") == Int64(outcomes.0))
        await queue.close()
    }

    @Test func `after the connection is closed every write is refused`() async throws {
        let folder = try TemporaryFolder()
        let (commit, queue) = try await open(folder)
        await queue.close()
        #expect(await failure { try await commit.write { _ in } }?.code == .unavailable)
    }
}
