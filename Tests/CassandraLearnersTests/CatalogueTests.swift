import CassandraAccess
import CassandraLearners
import CassandraLoading
import ReportModel
import ReportPorts
import ReportTesting
import ServiceTesting
import Testing

@Suite(
    .serialized, .enabled(if: TestNode.service.isToBeTested, Comment(rawValue: TestNode.service.reason)))
struct CatalogueTests {
    private struct Scene {
        let form: DeploymentForm
        let clock = ManualClock()
        let source: CassandraSource
        let catalogue: CassandraCatalogue

        init(_ lines: String) async throws {
            form = DeploymentForm(prefix: "catalogue_\(UInt32.random(in: 0 ... .max))_", attemptKey: .user)
            source = try TestNode.source(form)
            catalogue = CassandraCatalogue(
                source, contents: CatalogueContents(MemoryCatalogue(ImportTables())), clock: clock)
            try await withLoader { loader in
                try await loader.create()
                try await loader.load(ImportTables(lines: ["course_batch": lines]).rows)
            }
        }

        func withLoader(_ body: (CassandraLoader) async throws -> Void) async throws {
            let session = try await TestNode.session()
            try await body(CassandraLoader(session, form))
            await session.close()
        }

        func end() async throws {
            await source.close()
            try await withLoader { try await $0.drop() }
        }
    }

    @Test func `a batch by id alone is found by one scan, and a new one by the next`() async throws {
        let scene = try await Scene(
            #"""
            {"courseid":"c1","batchid":"b1","name":"One"}
            {"courseid":"c2","batchid":"b1","name":"Other"}
            {"courseid":"c2","batchid":"b2"}
            """#)
        let found = try await scene.catalogue.batches(ids: ["b1", "none"])
        #expect(found.map(\.key.collection) == ["c1", "c2"] && found.map(\.name) == ["One", "Other"])
        try await scene.withLoader { loader in
            try await loader.load(ImportTables(lines: ["course_batch": #"{"courseid":"c3","batchid":"b3"}"#]).rows)
        }
        #expect(try await scene.catalogue.batches(ids: ["b3"]).isEmpty)
        scene.clock.advance(seconds: 16)
        #expect(try await scene.catalogue.batches(ids: ["b3"]).map(\.key.collection) == ["c3"])
        try await scene.end()
    }

    @Test func `the collection that is named is asked first, and no other is looked for`() async throws {
        let scene = try await Scene(
            #"""
            {"courseid":"c1","batchid":"b1"}
            {"courseid":"c2","batchid":"b1"}
            """#)
        let found = try await scene.catalogue.batches(ids: ["b1"], likelyIn: ["c2"])
        #expect(found.map(\.key.collection) == ["c2"])
        let elsewhere = try await scene.catalogue.batches(ids: ["b1"], likelyIn: ["c9", ""])
        #expect(elsewhere.map(\.key.collection) == ["c1", "c2"])
        try await scene.end()
    }

    @Test func `a missing keyspace, table or column is named`() async throws {
        let scene = try await Scene("")
        try await scene.withLoader { loader in
            try await loader.run("DROP TABLE \(scene.form.platform).system_settings")
            try await loader.run("ALTER TABLE \(scene.form.hierarchy).content_hierarchy DROP hierarchy")
        }
        let table = await #expect(throws: ExhaustError.self) { try await scene.catalogue.custodianOrganisation() }
        #expect(table?.message == "Cassandra: there is no table \(scene.form.platform).system_settings")
        let column = await #expect(throws: ExhaustError.self) { try await scene.catalogue.tree(of: "c1") }
        #expect(
            column?.message
                == "Cassandra: table \(scene.form.hierarchy).content_hierarchy has no column hierarchy")
        try await scene.withLoader { try await $0.run("DROP KEYSPACE \(scene.form.platform)") }
        let fresh = CassandraCatalogue(
            try TestNode.source(scene.form), contents: CatalogueContents(MemoryCatalogue(ImportTables())),
            clock: scene.clock)
        let keyspace = await #expect(throws: ExhaustError.self) { try await fresh.custodianOrganisation() }
        #expect(keyspace?.message == "Cassandra: there is no keyspace \(scene.form.platform)")
        try await scene.end()
    }
}
