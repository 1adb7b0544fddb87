import BlockingWork
import Glibc
import ReportModel
import ReportTesting
import SQLiteAccess
import Testing

@Suite struct ConnectionQueueTests {
    @Test func `a database that cannot be opened is told at the start`() async {
        let error = await failure {
            _ = try await ConnectionQueue.open(path: "/nowhere/a.db", limits: .init(threads: 2))
        }
        #expect(error?.code == .storageFailed)
    }

    @Test func `after closing, the file is let go and work is refused`() async throws {
        let folder = try TemporaryFolder()
        let queue = try await ConnectionQueue.open(path: folder.file("a.db"))
        try await queue.run { try $0.execute("CREATE TABLE t (i)") }
        #expect(access(folder.file("a.db-wal"), F_OK) == 0)
        await queue.close()
        await queue.close()
        // The last connection to close a write-ahead log removes it.
        #expect(access(folder.file("a.db-wal"), F_OK) != 0)
        #expect(await failure { try await queue.run { _ in } }?.code == .unavailable)
    }
}
