import ReportModel
import ReportPorts
import ReportTesting
import SQLiteAccess
import SQLiteJobs
import Testing

@Suite struct DatasetTests {
    @Test(arguments: DatasetStoreConformance.checks)
    func `the store in SQLite keeps every promise of a dataset store`(
        check: ConformanceCheck<any DatasetStore>
    ) async throws {
        let scene = try await SQLiteScene()
        try await check.run(on: scene.store)
        await scene.store.close()
    }

    @Test(arguments: DatasetStoreConformance.checks)
    func `the store in memory keeps them, too`(check: ConformanceCheck<any DatasetStore>) async throws {
        try await check.run(on: MemoryDatasetStore())
    }

    @Test func `a store of the first version is brought up with its requests, and back`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("jobs.db")
        do {
            let database = try Database(path: path)
            try JobSchema.schema.migrate(database, to: 1)
            try database.execute(
                "INSERT INTO job_request (tag, request_id, job_id) VALUES ('t:org-1', 'R1', 'druid-dataset')")
        }
        let store = try await SQLiteJobStore.open(path: path)
        #expect(try await store.request("R1", tag: nil)?.request.reportID == "druid-dataset")
        #expect(try await store.put(DatasetStoreConformance.full))
        #expect(try await store.datasets() == [DatasetStoreConformance.full])
        await store.close()
        let database = try Database(path: path)
        #expect(try database.integer("PRAGMA user_version") == 5)
        try JobSchema.schema.migrate(database, to: 1)
        #expect(try database.integer("SELECT count(*) FROM job_request") == 1)
        #expect(try database.integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'dataset%'") == 0)
    }

    @Test func `another program's rows are read, damaged ones are not taken for absent`() async throws {
        let scene = try await SQLiteScene()
        try scene.sql(
            """
            INSERT INTO dataset_metadata (dataset_id, dataset_sub_id, authorized_roles, available_from, validation_json)
            VALUES ('d', 's', '["A"]', '2024-01-31 09:00:00', '{}'), ('d', 'broken', 'A,B', NULL, NULL)
            """)
        let row = try #require(try await scene.store.dataset(subID: "s"))
        #expect(row.authorizedRoles == ["A"] && row.availableFrom == Timestamp(milliseconds: 1_706_691_600_000))
        #expect(row.validation == .object([]) && row.config == nil)
        await scene.jobs.expect(.dataDamaged) { _ = try await scene.store.dataset(subID: "broken") }
        await scene.store.close()
    }
}
