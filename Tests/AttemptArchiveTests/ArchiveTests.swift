import BlockingWork
import Glibc
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@testable import AttemptArchive

@Suite struct ArchiveTests {
    private static let header =
        "content_id,attempt_id,user_id,course_id,batch_id,last_attempted_on,total_score,grand_total,question\n"
    private static let batch = BatchKey(collection: "c1", batch: "b1")

    /// A folder as the archiving job leaves it.
    private static func write(_ bytes: [UInt8], to name: String, in folder: TemporaryFolder) throws {
        let parts = name.split(separator: "/").dropLast()
        var path = folder.path
        for part in parts {
            path += "/\(part)"
            mkdir(path, 0o700)
        }
        let file = try #require(fopen("\(folder.path)/\(name)", "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    private static func archive(in folder: TemporaryFolder) async throws -> AttemptArchive {
        let pool = try await BlockingPool(name: "test-archive") {}
        return AttemptArchive(
            DiskFolderSource(root: folder.path, pool: pool),
            options: .init(path: "archival-data/", temporaryFolder: folder.path), pool: pool)
    }

    private static func keys(_ users: String...) -> LearnerKeys {
        var arena = ByteArena()
        let ids = users.map { arena.append($0) }
        return LearnerKeys(arena: arena, ids: ids, range: .everybody)
    }

    /// Everything that the archive has of some learners of the batch.
    private static func read(_ folder: TemporaryFolder, _ users: LearnerKeys, bytes: Int = 1 << 20) async throws
        -> [String]
    {
        let run = ArchiveRun(try await archive(in: folder))
        var lines: [String] = []
        var cursor: AttemptCursor?
        repeat {
            let page = try await run.archivedAttempts(
                of: users, in: batch, limits: PageLimits(bytes: bytes), from: cursor)
            for attempt in page.attempts {
                let titles = attempt.questions.map { page.arena.text(page.questions[Int($0)].title) }
                lines.append(
                    "\(attempt.learner) \(page.arena.text(attempt.attempt)) \(attempt.totalScore ?? -1) \(titles)")
            }
            cursor = page.next
        } while cursor != nil
        return lines
    }

    @Test func `archived attempts keep the promises of their port`() async throws {
        let folder = try TemporaryFolder()
        let text = #"""
            user_id,course_id,batch_id,content_id,attempt_id,last_attempted_on,question
            u10,do_a,b1,q1,old,1577836800000,"[{\"id\":\"x\",\"params\":[{\"b\":1,\"a\":2}]}]"
            U1,do_a,b1,q1,old,"",""
            u10,do_b,b1,q1,other,1577836800000,""

            """#
        try Self.write(Array(text.utf8), to: "archival-data/b1_do_a/2020-1-1577836800000.csv", in: folder)
        let tables = try LearnerScene.tables()
        let catalogue = MemoryCatalogue(tables)
        let store = try await Self.archive(in: folder).joined(to: MemoryLearners(tables))
        let scene = LearnerScene(store: store, catalogue: catalogue, policies: catalogue)
        for check in LearnerConformance.learners { try await check.run(on: scene) }
    }

    @Test func `several files of a batch are sorted as one, gzipped or not, whatever else lies there`() async throws {
        let folder = try TemporaryFolder()
        let place = "archival-data/b1_c1"
        let rows = #"""
            q1,a2,u2,c1,b1,2000,1.5,1/2,"[{\"title\":\"say \\\"no\\\", \\\\ twice\"},{\"title\":\"two\nlines\"}]"
            q1,a1,u1,c1,b1,1000,2,"",""

            """#
        try Self.write(Array((Self.header + rows).utf8), to: "\(place)/2024-01-1.csv", in: folder)
        let second = Self.header + "q1,a0,u2,c1,b1,500,,,\r\nq1,a9,u2,c1,b2,1,,,\r\n"
        let plain = "\(folder.path)/\(place)/2024-02-2.csv"
        try Self.write(Array(second.utf8), to: "\(place)/2024-02-2.csv", in: folder)
        let status = system("gzip \(plain)")
        #expect(status == 0)
        for name in ["_SUCCESS", "notes.csv", "2024-01-1.csv.crc"] {
            try Self.write(Array("rubbish".utf8), to: "\(place)/\(name)", in: folder)
        }
        let all = ["0 a1 2.0 []", "1 a0 -1.0 []", #"1 a2 1.5 ["say \"no\", \\ twice", "two\nlines"]"#]
        for bytes in [1, 1 << 20] {
            #expect(try await Self.read(folder, Self.keys("u1", "u2"), bytes: bytes) == all)
        }
        #expect(try await Self.read(folder, Self.keys("u1")) == ["0 a1 2.0 []"])
    }

    @Test func `a batch without a folder has no archive`() async throws {
        let folder = try TemporaryFolder()
        let run = ArchiveRun(try await Self.archive(in: folder))
        #expect(try await !run.hasArchive(of: Self.batch))
        #expect(try await Self.read(folder, Self.keys("u1")).isEmpty)
    }

    @Test(arguments: [
        ("2024-01-1.csv", "user_id,course_id\n", "it has no column batch_id"),
        ("2024-01-1.csv", header + "q1,a1,u1,c1,b1,1,,,\"[{", "it ends in the middle of a cell"),
        ("2024-01-1.csv", header + "q1,a1,u1,c1,b1,1,,,\"[{\"\n", "question"),
        ("2024-01-1.csv.gz", header, "damaged"),
    ])
    func `an unreadable archive is told and tried again, and never taken for none`(
        name: String, text: String, reason: String
    ) async throws {
        let folder = try TemporaryFolder()
        try Self.write(Array(text.utf8), to: "archival-data/b1_c1/\(name)", in: folder)
        let error = await #expect(throws: ExhaustError.self) {
            _ = try await Self.read(folder, Self.keys("u1"))
        }
        #expect(error?.canPass == true && error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.message.hasPrefix("archive archival-data/b1_c1") == true)
    }
}
