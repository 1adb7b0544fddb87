import Glibc
import ReportModel
import ReportTesting
import SQLiteAccess
@testable import SQLiteLearners
import Testing

@Suite struct ImportRefusalTests {
    let scene: ImportScene
    init() throws { scene = try ImportScene() }

    @Test(arguments: [
        (#"{"userid":"a""#, "ends inside"),
        (#"["userid"]"#, "a JSON object is expected"),
        (#"{"userid":"a"} {"userid":"b"}"#, "something follows"),
        (#"{"firstname":"x"}"#, "column userid: it is part of the key"),
        (#"{"userid":""}"#, "column userid: it is part of the key"),
        (#"{"userid":null}"#, "column userid: it is part of the key"),
        (#"{"userid":"a\u0000b"}"#, "NUL"),
        (#"{"userid":"\ud800"}"#, "surrogate"),
        (#"{"userid":"\x"}"#, "escape"),
        ("{\"userid\":\"a\tb\"}", "control character"),
        (#"{"userid":01}"#, "begins with 0"),
        (#"{"userid":tru}"#, "\"true\"|ends inside|byte"),
        (#"{"userid":"a",}"#, "byte"),
        (#"{"userid":"a" "b":1}"#, "byte"),
    ])
    func `a bad line is named with file, line and reason`(line: String, reason: String) async throws {
        let error = try await scene.failure(#"{"userid":"good"}"# + "\n\n" + line + "\n")
        #expect(error?.code == .invalidInput)
        let message = error?.message ?? ""
        #expect(message.contains("user.jsonl, line 3: "))
        #expect(reason.split(separator: "|").contains { message.contains($0) }, "\(message)")
        #expect(scene.folder.names == ["learners.db.lock"])
    }

    @Test(arguments: [
        ("user_enrolments", #""active":"yes""#, "column active: true or false"),
        ("user_enrolments", #""enrolled_date":"yesterday""#, "column enrolled_date: a date"),
        ("user_enrolments", #""enrolled_date":"2020-02-30""#, "column enrolled_date: a date"),
        ("user_enrolments", #""enrolled_date":1.5"#, "column enrolled_date"),
        ("user_enrolments", #""contentstatus":[1]"#, "column contentstatus"),
        ("user_enrolments", #""contentstatus":{"a":1.5}"#, "column contentstatus: its values must be whole numbers"),
        ("user_enrolments", #""contentstatus":"{oops""#, "column contentstatus: its text is no JSON"),
        ("user_enrolments", #""certstatus":"x""#, "column certstatus: a number is expected"),
        ("assessment_aggregator", #""total_score":"NaN""#, "column total_score: a number is expected"),
        ("assessment_aggregator", #""total_score":1e999"#, "column total_score: a number is expected"),
        ("assessment_aggregator", #""question":{"id":1}"#, "column question"),
        ("assessment_aggregator", #""question":[{"duration":"long"}]"#, "column question: a number is expected"),
        ("assessment_aggregator", #""question":[{"score":{}}]"#, "column question"),
        ("user_activity_agg", #""aggregates":{"completedCount":"x"}"#, "column aggregates"),
    ])
    func `a value of the wrong form is named by its column, never by itself`(
        table: String, member: String, reason: String
    ) async throws {
        let keys =
            #""userid":"secret-id","user_id":"secret-id","courseid":"c","batchid":"b","course_id":"c","batch_id":"b","#
            + #""content_id":"q","attempt_id":"a","activity_id":"c","activity_type":"t","context_id":"cb:b""#
        let error = try await scene.failure(table: table, "{\(keys),\(member)}")
        #expect(error?.message.contains("line 1: \(reason)") == true, "\(error?.message ?? "")")
        #expect(error?.description.contains("secret-id") == false && error?.description.contains("yesterday") == false)
    }

    @Test func `bytes that are not UTF-8 are refused`() async throws {
        try scene.files.write(Array(#"{"userid":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), to: "user.jsonl")
        #expect(await failure { try await scene.importFiles() }?.message.contains("not UTF-8") == true)
    }

    @Test func `after a bad line the store is as it was`() async throws {
        try scene.files.write(#"{"userid":"a","firstname":"A"}"#, to: "user.jsonl")
        let before = try await scene.importFiles()
        try scene.files.write(#"{"userid":"a","firstname":"B"}"# + "\nbroken", to: "user.jsonl")
        #expect(await failure { try await scene.importFiles() }?.code == .invalidInput)
        #expect(try await scene.firstNames(["a"]) == ["A"])
        #expect(try await SQLiteCatalogue(path: scene.store).facts().dataVersion == before.dataVersion)
        #expect(scene.folder.names == ["learners.db", "learners.db.lock"])
    }

    @Test func `a line that is too long is refused, one that just fits is not`() async throws {
        let limits = ImportLimits(lineBytes: 20_000, readBytes: 4_096)
        try scene.files.write(
            #"{"userid":"a","firstname":"\#(String(repeating: "x", count: 15_000))"}"#, to: "user.jsonl")
        try await scene.importFiles(limits: limits)
        #expect(try await scene.firstNames(["a"])[0]?.utf8.count == 15_000)
        try scene.files.write(
            "\n" + #"{"userid":"a","firstname":"\#(String(repeating: "x", count: 90_000))"}"#, to: "user.jsonl")
        let error = await failure { try await scene.importFiles(limits: limits) }
        #expect(error?.code == .limitExceeded && error?.message.contains("line 2") == true)
    }

    @Test func `nesting without end is refused, not followed`() async throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(try await scene.failure(#"{"userid":"a","x":"# + deep)?.message.contains("nested deeper") == true)
        #expect(try await scene.failure(#"{"userid":"a","board":"# + deep)?.message.contains("nested deeper") == true)
    }

    @Test func `a folder that is missing, empty or has a table twice is refused`() async throws {
        let missing = await failure {
            _ = try await Importer(folder: "/nowhere/at/all", store: scene.store).run(now: Timestamp(milliseconds: 1))
        }
        #expect(missing?.code == .invalidInput && missing?.message.contains("/nowhere/at/all") == true)
        try scene.files.write("{}", to: "holidays.jsonl")
        #expect(await failure { try await scene.importFiles() }?.message.contains("no table") == true)
        try scene.files.write("{}", to: "tenant_preference.jsonl")
        try scene.files.write("{}", to: "tenant_preference_v2.jsonl")
        let twice = await failure { try await scene.importFiles() }
        #expect(twice?.message.contains("tenant_preference.jsonl and tenant_preference_v2.jsonl") == true)
        #expect(scene.folder.names == [])
    }

    @Test func `a folder in the place of a file, and a store that cannot be made, are refused`() async throws {
        mkdir(scene.files.file("user.jsonl"), 0o700)
        #expect(await failure { try await scene.importFiles() }?.message.contains("it is no file") == true)
        rmdir(scene.files.file("user.jsonl"))
        try scene.files.write(#"{"userid":"a"}"#, to: "user.jsonl")
        let error = await failure {
            _ = try await Importer(folder: scene.files.path, store: scene.folder.file("no/learners.db"))
                .run(now: Timestamp(milliseconds: 1))
        }
        #expect(error?.code == .storageFailed)
    }

    @Test func `a file where the store should be is not overwritten`() async throws {
        try scene.folder.write("my diary, which is long enough to be no empty database at all", to: "learners.db")
        try scene.files.write(#"{"userid":"a"}"#, to: "user.jsonl")
        #expect(await failure { try await scene.importFiles() }?.code == .dataDamaged)
        #expect(await failure { _ = try await scene.open() }?.code == .dataDamaged)
        #expect(scene.folder.names == ["learners.db", "learners.db.lock"])
    }

    @Test func `a disk without room is said to be full, and the store stays as it was`() async {
        // In a process of its own, whose files may not grow.
        await #expect(processExitsWith: .success) {
            let scene = try ImportScene()
            try scene.files.write(#"{"userid":"a","firstname":"A"}"#, to: "user.jsonl")
            try await scene.importFiles()
            let rows = (0..<40_000).map { #"{"userid":"u\#($0)","firstname":"some text to fill the disk with"}"# }
            try scene.files.write(rows.joined(separator: "\n"), to: "user.jsonl")
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 600_000, rlim_max: 600_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = await failure { try await scene.importFiles() }
            #expect(error?.code == .storageFailed, "\(String(describing: error))")
            #expect(error?.remedy.contains("Free space") == true, "\(String(describing: error))")
            #expect(try await scene.firstNames(["a", "u1"]) == ["A", nil])
            #expect(scene.folder.names == ["learners.db", "learners.db.lock"])
        }
    }
}
