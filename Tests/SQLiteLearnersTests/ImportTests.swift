import BlockingWork
import Glibc
import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
@testable import SQLiteLearners
import Testing

@Suite struct ImportTests {
    let scene: ImportScene
    init() throws { scene = try ImportScene() }

    @Test func `a report tells for each table its rows, replaced rows and unknown columns`() async throws {
        try scene.files.write(
            #"""
            {"userid":"a","firstname":"One","shoesize":1}

            {"userid":"b","firstname":"Two","shoesize":null,"extra":{"x":[1]}}
            {"userid":"a","firstname":"Three"}
            """#, to: "user.jsonl")
        try scene.files.write(#"{"id":"custodianOrgId","value":"x"}"#, to: "system_settings.jsonl")
        try scene.files.write("{}", to: "holidays.jsonl")
        try scene.files.write("notes", to: "README.md")
        let report = try await scene.importFiles(at: 77)
        #expect(report.tables.map(\.name) == ["system_settings", "user"])
        #expect(report.tables[1].rows == 3 && report.tables[1].replaced == 1)
        #expect(report.tables[1].unknownColumns == ["shoesize": 2, "extra": 1])
        #expect(report.unknownFiles == ["holidays.jsonl"])
        #expect(report.rows == 4 && report.dataTime == Timestamp(milliseconds: 77))
        #expect(try await scene.firstNames(["a", "b", "c"]) == ["Three", "Two", nil])
        #expect(scene.folder.names == ["learners.db", "learners.db.lock"])
    }

    @Test func `a second import adds and replaces, and keeps what it does not name`() async throws {
        try scene.files.write(
            #"{"userid":"a","firstname":"A"}"# + "\n" + #"{"userid":"m","firstname":"M"}"#, to: "user.jsonl")
        let first = try await scene.importFiles()
        try scene.files.write(
            #"{"userid":"c","firstname":"C"}"# + "\n" + #"{"userid":"a","firstname":"A2"}"#, to: "user.jsonl")
        let second = try await scene.importFiles()
        #expect(second.tables[0].replaced == 1)
        #expect(first.dataVersion != second.dataVersion && second.dataVersion.utf8.count == 32)
        #expect(try await scene.firstNames(["a", "c", "m"]) == ["A2", "C", "M"])
    }

    @Test(arguments: [300, 1 << 20])
    func `attempts replace by key, also when their time moves, and leave no question behind`(chunk: Int) async throws {
        func line(_ attempt: String, _ day: Int, _ question: String) -> String {
            #"{"user_id":"u","course_id":"c1","batch_id":"b1","content_id":"q","attempt_id":"\#(attempt)","#
                + #""last_attempted_on":"2020-01-0\#(day)","question":[{"id":"\#(question)"}]}"# + "\n"
        }
        try scene.files.write(
            #"{"userid":"u","courseid":"c1","batchid":"b1","active":true}"#, to: "user_enrolments.jsonl")
        try scene.files.write(
            line("x", 5, "x5") + line("y", 2, "y2") + line("x", 3, "x3"), to: "assessment_aggregator.jsonl")
        let limits = ImportLimits(chunkBytes: chunk)
        let first = try await scene.importFiles(limits: limits)
        #expect(first.tables.map(\.replaced) == [0, 1])
        try scene.files.write(line("x", 1, "x1") + line("z", 4, "z4"), to: "assessment_aggregator.jsonl")
        let second = try await scene.importFiles(limits: limits)
        #expect(second.tables.map(\.replaced) == [1, 1])
        let sources = try await scene.open()
        let keys = try await sources.roster.page(of: ImportScene.batch, range: .everybody, after: nil, limit: 10)
        let page = try await sources.attempts.attempts(
            of: keys, in: ImportScene.batch, withQuestions: true, limits: PageLimits(), from: nil)
        #expect(page.questions.map { page.arena.text($0.id) } == ["x1", "y2", "z4"])
        await sources.close()
        let database = try Database(path: scene.store, options: DatabaseOptions(access: .immutable))
        #expect(try database.integer("SELECT count(*) FROM assessment_aggregator_detail") == 3)
        #expect(try database.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `a run goes on reading what it opened while an import replaces it`() async throws {
        try scene.files.write(#"{"userid":"a","firstname":"old"}"#, to: "user.jsonl")
        try await scene.importFiles(at: 1)
        let running = try await scene.open()
        try scene.files.write(#"{"userid":"a","firstname":"new"}"#, to: "user.jsonl")
        try await scene.importFiles(at: 2)
        let fresh = try await scene.open()
        for _ in 0..<4 { #expect(try await scene.firstNames(["a"], in: running) == ["old"]) }
        #expect(try await scene.firstNames(["a"], in: fresh) == ["new"])
        #expect(running.dataVersion != fresh.dataVersion)
        #expect(running.dataTime == Timestamp(milliseconds: 1) && fresh.dataTime == Timestamp(milliseconds: 2))
        await running.close()
        await fresh.close()
    }

    @Test func `who opens the store while imports come and go sees one state of it`() async throws {
        func write(_ number: Int) throws {
            let users = (10..<50).map { #"{"userid":"u\#($0)","firstname":"\#(number)"}"# }
            try scene.files.write(users.joined(separator: "\n"), to: "user.jsonl")
        }
        try write(0)
        try await scene.importFiles()
        let ids = (10..<50).map { "u\($0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...12 {
                    try write(number)
                    try await scene.importFiles()
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<20 {
                        let sources = try await scene.open()
                        var seen: Set<String?> = []
                        for _ in 0..<3 { seen.formUnion(try await scene.firstNames(ids, in: sources)) }
                        #expect(seen.count == 1)
                        await sources.close()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await scene.firstNames(["u10"]) == ["12"])
    }

    @Test func `the catalogue sees an import at once`() async throws {
        let catalogue = SQLiteCatalogue(path: scene.store)
        #expect(await failure { _ = try await catalogue.custodianOrganisation() }?.code == .notFound)
        for value in ["first", "second"] {
            try scene.files.write(#"{"id":"custodianOrgId","value":"\#(value)"}"#, to: "system_settings.jsonl")
            try await scene.importFiles()
            #expect(try await catalogue.custodianOrganisation() == value)
        }
    }

    @Test func `only one import runs at a time`() async throws {
        try scene.files.write(#"{"userid":"a"}"#, to: "user.jsonl")
        let lock = try StoreFile(path: scene.store).lock()
        let error = await failure { try await scene.importFiles() }
        #expect(error?.code == .conflict)
        withExtendedLifetime(lock) {}
        #expect(scene.folder.names == ["learners.db.lock"])
    }

    @Test func `what a broken import left behind is no hindrance`() async throws {
        try scene.folder.write("half a store", to: "learners.db.importing")
        try scene.files.write(#"{"userid":"a","firstname":"A"}"#, to: "user.jsonl")
        try await scene.importFiles()
        #expect(try await scene.firstNames(["a"]) == ["A"])
    }

    @Test func `a cancelled import changes nothing`() async throws {
        try scene.files.write(#"{"userid":"a","firstname":"A"}"#, to: "user.jsonl")
        try await scene.importFiles()
        let rows = (0..<20_000).map { #"{"userid":"u\#($0)"}"# }.joined(separator: "\n")
        try scene.files.write(rows, to: "user.jsonl")
        let importer = Importer(folder: scene.files.path, store: scene.store, limits: ImportLimits(chunkBytes: 10_000))
        // The import waits in its first progress until the task has been cancelled.
        let (begun, began) = AsyncStream<Void>.makeStream()
        let gate = HandOver<Void>(limit: 1)
        let task = Task {
            try await importer.run(now: Timestamp(milliseconds: 2)) { _ in
                began.yield()
                _ = gate.take()
            }
        }
        for await _ in begun { break }
        task.cancel()
        gate.close()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await scene.firstNames(["a", "u1"]) == ["A", nil])
        #expect(scene.folder.names == ["learners.db", "learners.db.lock"])
    }

    @Test func `progress counts rows and bytes to the end`() async throws {
        let rows = (0..<10_000).map { #"{"userid":"u\#($0)"}"# + "\n" }.joined()
        try scene.files.write(rows, to: "user.jsonl")
        try scene.files.write(#"{"id":"x"}"#, to: "system_settings.jsonl")
        let steps = Steps()
        let report = try await Importer(folder: scene.files.path, store: scene.store)
            .run(now: Timestamp(milliseconds: 2)) { steps.add($0) }
        let all = steps.all
        #expect(all.first?.table == "system_settings" && all.last?.table == "user" && all.last?.rows == 10_000)
        #expect(all.allSatisfy { $0.bytesTotal == report.bytes })
        #expect(all.map(\.bytesDone) == all.map(\.bytesDone).sorted() && all.last?.bytesDone == report.bytes)
        #expect(all.count > 3)
    }

    @Test func `a store of the first version is brought up, with its learners counted`() async throws {
        let rows = #"""
            {"userid":"a","courseid":"c1","batchid":"b1","active":true}
            {"userid":"b","courseid":"c1","batchid":"b1","active":false}
            """#
        try scene.files.write(rows, to: "user_enrolments.jsonl")
        try await scene.importFiles()
        do {
            let database = try Database(path: scene.store, options: DatabaseOptions(journal: .rollback))
            try database.execute(Migration.browsing.back + "PRAGMA user_version=1")
        }
        #expect(await failure { _ = try await scene.open() }?.code == .unavailable)
        #expect(try await Importer.upgrade(store: scene.store))
        let counts = try await SQLiteCatalogue(path: scene.store).enrolmentCounts(of: [ImportScene.batch])
        #expect(counts == [ImportScene.batch: EnrolmentCount(enrolled: 2, active: 1)])
    }

    @Test func `an older store is brought up, a newer one left alone`() async throws {
        #expect(try await !Importer.upgrade(store: scene.store))
        try scene.files.write(#"{"userid":"a"}"#, to: "user.jsonl")
        try await scene.importFiles()
        #expect(try await !Importer.upgrade(store: scene.store))
        try Database(path: scene.store, options: DatabaseOptions(journal: .rollback)).execute("PRAGMA user_version=99")
        #expect(await failure { _ = try await scene.open() }?.code == .newerVersion)
        #expect(await failure { try await scene.importFiles() }?.code == .newerVersion)
        #expect(await failure { _ = try await Importer.upgrade(store: scene.store) }?.code == .newerVersion)
    }
}

/// Gathers progress from the threads of an import.
final class Steps: Sendable {
    private let lock = HandOver<ImportProgress>(limit: 100_000)
    func add(_ step: ImportProgress) { _ = lock.give(step) }
    var all: [ImportProgress] {
        lock.close()
        var steps: [ImportProgress] = []
        while let step = lock.take() { steps.append(step) }
        return steps
    }
}
