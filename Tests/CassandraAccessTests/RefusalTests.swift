@testable import CassandraAccess
import ReportModel
import ServiceTesting
import Testing

/// What servers refuse for a while or for good. On a node of its own, whose limits the test lowers.
@Suite(.serialized, .enabled(if: ClusterScene.service.isToBeTested, Comment(rawValue: ClusterScene.service.reason)))
struct RefusalTests {
    private static let user = "1a1a637f-7204-f757-7732-0000000000cb"

    private static func set(_ name: String, _ value: String, _ server: OwnServer) async throws {
        try await server.run(
            "nodetool", "sjk", "mx", "-b", "org.apache.cassandra.db:type=StorageService", "--set", "-f", name, "-v",
            value)
    }

    /// The user's rows.
    private static func rows(_ scene: ClusterScene) async throws -> [Int] {
        try await scene.rows(
            "SELECT id, text FROM access_limits.rows WHERE part = ?", [.text(Array(user.utf8))]
        ) { _ in 0 }
    }

    /// Reading them is refused with this reason and this remedy, and may be tried again.
    private static func expect(
        _ reason: String, _ remedy: String, _ scene: ClusterScene, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: ExhaustError.self, sourceLocation: sourceLocation) {
            _ = try await rows(scene)
        }
        let told = error.map { "\($0)" } ?? ""
        #expect(told.contains(reason) && told.contains(remedy), "\(told)", sourceLocation: sourceLocation)
        #expect(!told.contains(user) && error?.canPass == true, sourceLocation: sourceLocation)
    }

    @Test func `too many tombstones and rows over the limits are told with a remedy, and without the learner`()
        async throws
    {
        try await OwnServer.using(ClusterScene.service, options: ["--address", "127.0.0.9"], body: Self.check)
    }

    private static func check(_ server: OwnServer) async throws {
        var options = try ClusterScene.options(server.address)
        options.retry.attempts = 2
        options.retry.baseSeconds = 0.01
        let scene = try await ClusterScene(keyspace: "access_limits", options)
        try await scene.run("CREATE TABLE access_limits.rows (part text, id text, text text, PRIMARY KEY (part, id))")
        let long = String(repeating: "x", count: 2_000)
        for number in 10..<50 {
            try await scene.run(
                "INSERT INTO access_limits.rows (part, id, text) VALUES ('\(user)', 'r\(number)', '\(long)')")
        }
        for number in 20..<50 {
            try await scene.run("DELETE FROM access_limits.rows WHERE part = '\(user)' AND id = 'r\(number)'")
        }

        try await set("TombstoneFailureThreshold", "20", server)
        await expect("too many tombstones", "compact the table", scene)
        try await set("TombstoneFailureThreshold", "100000", server)

        try await set("CoordinatorLargeReadAbortThreshold", "1KiB", server)
        try await set("ReadThresholdsEnabled", "true", server)
        await expect("a row over its limits", "raise the limit", scene)
        try await set("ReadThresholdsEnabled", "false", server)

        #expect(try await rows(scene).count == 10)
        try await scene.end()
    }

    @Test func `a table that is changed while it is read is told of, if what was lost is needed`() async throws {
        let scene = try await ClusterScene(keyspace: "access_changed")
        try await scene.run(
            "CREATE TABLE access_changed.rows (part text, id text, text text, other text, PRIMARY KEY (part, id))")
        for number in 10..<40 {
            try await scene.run("INSERT INTO access_changed.rows (part, id, text) VALUES ('p', 'r\(number)', 't')")
        }
        let query = try await scene.session.prepare(
            "SELECT id, text FROM access_changed.rows WHERE part = 'p'", "prepare")
        /// Reads all rows; `change` happens after the first page.
        func read(_ change: String) async throws -> Int {
            var pages = try scene.session.pages(of: query, [], pageRows: 10, "read enrolments")
            var count = try await pages.next()?.count ?? 0
            try await scene.run("ALTER TABLE access_changed.rows \(change)")
            while let page = try await pages.next() { count += page.count }
            return count
        }
        #expect(try await read("ADD more text") == 30)
        #expect(try await read("DROP other") == 30)
        let error = await #expect(throws: ExhaustError.self) { _ = try await read("DROP text") + read("DROP more") }
        #expect(error?.message == "Cassandra: cannot read enrolments: the table was changed while it was read")
        #expect(error?.canPass == true)
        try await scene.end()
    }
}

@Suite struct CassandraFailureTests {
    /// The server answers so when it has too much to do; a test's server makes clients wait instead.
    @Test func `an overloaded node is told of with what to change, and may be asked again`() {
        let code = Int32(bitPattern: 0x0200_1001)
        let error = CassandraFailure.error(code, doing: "read attempts")
        #expect(error.message == "Cassandra: cannot read attempts: the node is overloaded (0x02001001)")
        #expect(error.remedy.contains("cassandra.inFlight") && error.canPass && CassandraFailure.canPass(code))
    }
}
