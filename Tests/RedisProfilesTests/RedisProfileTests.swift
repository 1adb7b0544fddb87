import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@testable import RedisProfiles

@Suite(.enabled(if: TestService.redis.isToBeTested, .init(rawValue: TestService.redis.reason)))
struct RedisProfileTests {
    @Test(arguments: LearnerConformance.checks)
    func `profiles from the user cache keep every promise, beside learners of another store`(
        check: ConformanceCheck<LearnerScene>
    ) async throws {
        let redis = try await TestRedis(TestService.redis.address())
        let tables = try LearnerScene.tables()
        try await redis.write(tables.rows["user"] ?? [])
        var others = ImportTables()
        for (table, rows) in tables.rows where table != "user" { for row in rows { others.add(row, to: table) } }
        let catalogue = MemoryCatalogue(others)
        let store = RedisLearnerStore(MemoryLearners(others), profiles: redis.client, asksBase: false)
        try await check.run(on: LearnerScene(store: store, catalogue: catalogue, policies: catalogue))
        await redis.client.close()
    }

    @Test func `pages of any length come in order, whoever is missing`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        let ids = (0..<1_003).map { "page-\($0)" }
        try await redis.write(
            ids.enumerated().filter { $0.offset % 7 != 3 }.map { number, id in
                .members(("userid", .string("somebody else")), ("firstname", .string("F\(number)")))
                    .withUser(id)
            })
        let found = try await redis.profiles(ids, [.firstname, .lastname])
        for (number, profile) in found.enumerated() {
            #expect(profile == (number % 7 == 3 ? nil : ["F\(number)", nil]))
        }
        #expect(try await redis.profiles([], [.firstname]).isEmpty)
        await redis.client.close()
    }

    @Test func `the board is found under its old and its new name`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        try await redis.write([
            .members(
                ("userid", .string("board-1")), ("board", .string("[\"A\"]")), ("framework_board", .string("[\"B\"]"))),
            .members(("userid", .string("board-2")), ("framework_board", .string("[\"B\"]")), ("status", .string("1"))),
        ])
        let found = try await redis.profiles(["board-1", "board-2"], [.board, .status])
        #expect(found == [["[\"A\"]", nil], ["[\"B\"]", "1"]])
        await redis.client.close()
    }

    @Test func `who is missing is asked of the fallback, and only who is missing`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        try await redis.write([.members(("userid", .string("fall-1")), ("firstname", .string("Cache")))])
        var tables = ImportTables()
        for id in ["fall-1", "fall-2"] { tables.add(["userid": id, "firstname": "Store", "lastname": id], to: "user") }
        let base = try await MemoryLearners(tables).open(for: [], needs: LearnerNeeds()).profiles
        let source = RedisProfileSource(redis.client, fallback: base)
        let keys = TestRedis.keys(["fall-1", "fall-2", "fall-3"])
        let page = try await source.profiles(of: keys, fields: [.firstname, .lastname])
        #expect(page.exists == [true, true, false])
        #expect(page.arena.text(page.value(0, 0)) == "Cache" && page.value(0, 1).isAbsent)
        #expect(page.arena.text(page.value(1, 0)) == "Store" && page.arena.text(page.value(1, 1)) == "fall-2")
        #expect(page.value(2, 0).isAbsent)
        await redis.client.close()
    }

    @Test func `a run that reads live profiles has no data time, and a version of its own`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        let store = RedisLearnerStore(
            MemoryLearners(ImportTables(), dataVersion: "5"), profiles: redis.client, asksBase: true)
        let live = try await store.open(for: [], needs: LearnerNeeds(profileFields: [.firstname]))
        #expect(live.dataVersion == "5+profiles" && live.dataTime == nil)
        let other = try await store.open(for: [], needs: LearnerNeeds())
        #expect(other.dataVersion == "5" && other.dataTime != nil)
        await redis.client.close()
    }

    @Test func `optional nodes come from the relation cache, and from what is known beside it`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        try await redis.command("SADD", "do_rel:do_rel:optionalnodes", "do_1", "do_ü", database: 10)
        let cache = RelationCache(redis.client)
        #expect(try await cache.optionalNodes(of: "do_rel") == ["do_1", "do_ü"])
        #expect(try await cache.optionalNodes(of: "do_other").isEmpty)
        let catalogue = ComposedCatalogue(MemoryCatalogue(ImportTables()), contents: nil, optional: cache)
        #expect(try await catalogue.optionalNodes(of: "do_rel") == ["do_1", "do_ü"])
        await redis.client.close()
    }

    @Test func `a key of another type is damage, and the message names nobody`() async throws {
        let redis = try await TestRedis(TestService.redis.address())
        try await redis.command("SADD", "user:type-1", "x")
        await #expect(
            throws: ExhaustError(.dataDamaged, "\(redis.options.name): a key of the cache is not of the right type")
        ) {
            _ = try await redis.profiles(["type-1"], [.firstname])
        }
        #expect(try await redis.profiles(["type-2"], [.firstname]) == [nil])
        await redis.client.close()
    }
}

extension JSONValue {
    /// With another user id for the key; the hash's own one counts for nothing.
    fileprivate func withUser(_ id: String) -> JSONValue {
        .object((objectMembers ?? []).filter { $0.name != "userid" } + [Member("userid", .string(id))])
    }
}
