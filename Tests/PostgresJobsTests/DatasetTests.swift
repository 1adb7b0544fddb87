import PostgresJobs
import ReportModel
import ReportPorts
import ReportTesting
import Testing

@Suite(.needsPostgres) struct PostgresDatasetTests {
    /// As the deployment makes it (upstream.md 1.2).
    private static let table = """
        CREATE TABLE dev_dataset_metadata (
            dataset_id VARCHAR(50), dataset_sub_id VARCHAR(150), dataset_config json, visibility VARCHAR(50),
            dataset_type VARCHAR(50), version VARCHAR(10), authorized_roles text[], available_from TIMESTAMP,
            sample_request text, sample_response text, validation_json json, druid_query json, limits json,
            supported_formats text[], exhaust_type VARCHAR(50), PRIMARY KEY (dataset_id, dataset_sub_id));
        """

    @Test(arguments: DatasetStoreConformance.checks)
    func `the deployment's table keeps every promise of a dataset store`(
        check: ConformanceCheck<any DatasetStore>
    ) async throws {
        let scene = try await PostgresScene(prepare: Self.table)
        try await check.run(on: scene.store)
        try await scene.end()
    }

    @Test func `a row of another program is read, its roles count`() async throws {
        let scene = try await PostgresScene(prepare: Self.table)
        try await scene.sql(
            """
            INSERT INTO dev_dataset_metadata (dataset_id, dataset_sub_id, authorized_roles, available_from)
            VALUES ('d', 's', ARRAY['A, "B"', 'C'], '2024-01-31 09:00:00')
            """)
        let row = try #require(try await scene.store.dataset(subID: "s"))
        #expect(row.authorizedRoles == ["A, \"B\"", "C"] && row.validation == nil)
        #expect(row.availableFrom == Timestamp(milliseconds: 1_706_691_600_000))
        try await scene.end()
    }

    @Test func `without that table there are no datasets, and none can be added`() async throws {
        let scene = try await PostgresScene()
        #expect(try await scene.store.dataset(subID: "s") == nil)
        #expect(try await scene.store.datasets().isEmpty)
        await #expect {
            _ = try await scene.store.put(DatasetMetadata(datasetID: "d", subID: "d"))
        } throws: {
            ($0 as? ExhaustError)?.code == .unavailable
        }
        try await scene.end()
    }
}
